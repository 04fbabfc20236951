import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { failuresIn, skippedIn } from "./failures.mjs";
import { ROOT } from "./prepare.mjs";

const FAILING = `it("compares", () => expect({ a: 1 }).toEqual({ a: 2 }));
it("throws", () => { throw new Error("outer", { cause: new Error("inner") }); });
it("compares twice", () => { expect.soft(1).toBe(2); expect.soft(3).toBe(4); });
it("passes", () => new Promise((resolve) => setTimeout(() => { resolve(); throw new Error("late"); }, 1)));
describe("around the tests", () => { beforeAll(() => { throw new Error("around"); }); it("is not reached", () => {}); });
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "failures-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(content) {
  const file = path.join(folder, "report.json");
  writeFileSync(file, JSON.stringify(content));
  return failuresIn(file, "/repo");
}

it("names each failed test of vitest with its message in plain text, and a file that could not run", () => {
  const passed = { status: "passed", fullName: "a passes" };
  const failed = {
    status: "failed",
    fullName: "b fails",
    failureMessages: ["\u001b[31mError: 1 is not 2\u001b[39m\n  at x"],
  };
  const testResults = [
    { name: "/repo/lib/a.test.ts", status: "failed", message: "", assertionResults: [passed, failed] },
    { name: "/repo/lib/b.test.ts", status: "failed", message: "Cannot find module", assertionResults: [] },
    { name: "/repo/lib/c.test.ts", status: "passed", message: "", assertionResults: [passed] },
  ];
  expect(report({ testResults })).toEqual([
    "lib/a.test.ts › b fails: Error: 1 is not 2\n      at x",
    "lib/b.test.ts: Cannot find module",
  ]);
});

it("names each failed spec of Playwright, however deep it stands, and what failed outside of any", () => {
  const spec = (title, ok) => ({
    title,
    ok,
    file: "a.spec.ts",
    tests: [{ results: [{ errors: ok ? [] : [{ message: "Timed out\nat y" }] }] }],
  });
  const inner = { title: "revoking", file: "a.spec.ts", specs: [spec("fails", false)] };
  const suites = [{ title: "a.spec.ts", file: "a.spec.ts", specs: [spec("passes", true)], suites: [inner] }];
  expect(report({ suites, errors: [{ message: "no server" }] })).toEqual([
    "outside any test: no server",
    "a.spec.ts › revoking › fails: Timed out\n    at y",
  ]);
});

it("says of a message as much as one reads", () => {
  const lines = Array.from({ length: 100 }, (_, line) => `${line} ${"x".repeat(1000)}`);
  const failed = { status: "failed", fullName: "a fails", failureMessages: [lines.join("\n\n")] };
  const [said = ""] = report({
    testResults: [{ name: "/repo/a.test.ts", status: "failed", assertionResults: [failed] }],
  });
  expect(said.split("\n")).toHaveLength(30);
  expect(said.split("\n").at(-1)).toBe(`    ${lines[29].slice(0, 300)}`);
});

it("says what a spec of Playwright compared, each time, and where", () => {
  const errors = [
    { message: "Test timeout of 120000ms exceeded." },
    { message: "Error: not equal\n\n\u001b[32m- 1\u001b[39m\n+ 2", location: { file: "/repo/e2e/a.spec.ts", line: 7 } },
  ];
  const specs = [{ title: "fails", ok: false, file: "a.spec.ts", tests: [{ results: [{ errors }] }] }];
  expect(report({ suites: [{ title: "a.spec.ts", file: "a.spec.ts", specs }] })).toEqual([
    `a.spec.ts › fails: Test timeout of 120000ms exceeded.
    Error: not equal
    - 1
    + 2
    at a.spec.ts:7`,
  ]);
});

it("says of a run of vitest what differed, what was the cause, what failed around the tests and outside of any", () => {
  writeFileSync(path.join(folder, "a.test.mjs"), FAILING);
  const file = path.join(folder, "report.json");
  const reporter = `--reporter=${path.join(ROOT, "scripts/vitest-report.mjs")}`;
  const vitest = path.join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--globals", `--root=${folder}`, "--reporter=default", reporter, `--outputFile=${file}`];
  expect(spawnSync(process.execPath, args, { cwd: folder }).status).toBe(1);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ numPassedTests: 1, numFailedTests: 3 });
  expect(failuresIn(file, realpathSync(folder)).map((text) => text.replaceAll(/\n {4}at node:.*/g, ""))).toEqual([
    `outside any test: Error: late
    at a.test.mjs:4`,
    `a.test.mjs: Error: around
    at a.test.mjs:5`,
    `a.test.mjs › compares: AssertionError: expected { a: 1 } to deeply equal { a: 2 }
    - Expected
    + Received
      {
    -   "a": 2,
    +   "a": 1,
      }
    at a.test.mjs:1`,
    `a.test.mjs › throws: Error: outer
    at a.test.mjs:2
    caused by Error: inner
    at a.test.mjs:2`,
    `a.test.mjs › compares twice: AssertionError: expected 1 to be 2 // Object.is equality
    - Expected
    + Received
    - 2
    + 1
    at a.test.mjs:3
    AssertionError: expected 3 to be 4 // Object.is equality
    - Expected
    + Received
    - 4
    + 3
    at a.test.mjs:3`,
  ]);
  expect(skippedIn(file, realpathSync(folder))).toEqual(["a.test.mjs › around the tests › is not reached"]);
});

it("tells of a report that is not there", () => {
  expect(failuresIn(path.join(folder, "none.json"), folder)).toEqual(["none.json: no report was left"]);
});

it("names each test of vitest that could not run here", () => {
  const skipped = { status: "skipped", fullName: "a restore is noticed" };
  const testResults = [{ name: "/repo/server/a.deep.test.ts", status: "passed", assertionResults: [skipped] }];
  expect(report({ testResults })).toEqual([]);
  expect(skippedIn(path.join(folder, "report.json"), "/repo")).toEqual([
    "server/a.deep.test.ts › a restore is noticed",
  ]);
});
