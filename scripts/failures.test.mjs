import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { failuresIn, skippedIn } from "./failures.mjs";

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

it("names each failed test of vitest with the first line of its message, and a file that could not run", () => {
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
    "lib/a.test.ts › b fails: Error: 1 is not 2",
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
    "a.spec.ts › revoking › fails: Timed out",
  ]);
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
