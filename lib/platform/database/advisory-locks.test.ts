import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { ADVISORY_LOCKS } from "./advisory-locks";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const HERE = "lib/platform/database/advisory-locks.ts";
const sources = ["lib", "server", "app", "prisma", "testing", "scripts", "bench"]
  .flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      path.posix.join(folder, file.replaceAll("\\", "/")),
    ),
  )
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.test(-d)?\.(ts|tsx|mjs)$/.test(file) && file !== HERE)
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), "utf8") }));

const CALL = /pg_(?:try_)?advisory_\w+(?:\$\{shared\})?\(\s*([^,):]+(?:\([^)]*\))?)/g;
/** What a call may name its lock by; `$1` is handed in, as an `AdvisoryLock`. */
const NAMED = /^(?:\$\{ADVISORY_LOCKS\.\w+\}|\$\{lockOfHash\(\w+|\$1)$/;

describe("the advisory locks", () => {
  it("have a number each, and no hash of 63 bits is likely to be one", () => {
    const numbers = Object.values(ADVISORY_LOCKS);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.max(...numbers)).toBeLessThan(2 ** 31);
  });

  it("are named wherever one is taken", () => {
    const calls = sources.flatMap(({ file, text }) =>
      [...text.matchAll(CALL)].map(([, lock = ""]) => ({ file, lock: lock.trim(), text })),
    );
    expect(calls.length).toBeGreaterThan(10);
    const unnamed = calls.filter(({ lock, text }) => !NAMED.test(lock) || !text.includes("advisory-locks"));
    expect(unnamed.map(({ file, lock }) => `${file}: ${lock}`)).toEqual([]);
  });

  it("are written nowhere else", () => {
    const numbers = Object.values(ADVISORY_LOCKS).map(String);
    const elsewhere = sources.filter(({ text }) =>
      [...text.matchAll(/(?<![\w.])\d[\d_]*(?![\w.])/g)].some(([number]) =>
        numbers.includes(number.replaceAll("_", "")),
      ),
    );
    expect(elsewhere.map(({ file }) => file)).toEqual([]);
  });
});
