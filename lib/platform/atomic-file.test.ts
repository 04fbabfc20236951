import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeLeftovers, createAtomically, writeAtomically } from "./atomic-file";

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hub-atomic-file-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that is written whole", () => {
  it("takes the old one's place, for its owner alone, and leaves nothing beside it", () => {
    writeFileSync(at("secret"), "old");
    writeAtomically(at("secret"), "new", { mode: 0o600 });
    expect(readFileSync(at("secret"), "utf8")).toBe("new");
    expect(statSync(at("secret")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["secret"]);
  });

  it("leaves nothing where it cannot be put", () => {
    mkdirSync(at("taken/by-a-folder"), { recursive: true });
    expect(() => writeAtomically(at("taken"), "text")).toThrow();
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  it("is the first one's where it is made once", () => {
    createAtomically(at("secret"), "first");
    createAtomically(at("secret"), "second");
    expect(readFileSync(at("secret"), "utf8")).toBe("first");
    expect(readdirSync(folder)).toEqual(["secret"]);
  });
});

it("what a killed process had begun is removed, and nothing else", () => {
  const { pid: gone } = spawnSync(process.execPath, ["-e", ""]);
  mkdirSync(at(`postgres-${gone}`));
  for (const name of [`postgres-${process.ppid}`, "postgres-owner", `postgres-owner-${gone}`])
    writeFileSync(at(name), "");
  removeLeftovers(at("postgres"));
  expect(existsSync(at(`postgres-${gone}`))).toBe(false);
  expect(readdirSync(folder).sort()).toEqual(
    [`postgres-${process.ppid}`, "postgres-owner", `postgres-owner-${gone}`].sort(),
  );
});
