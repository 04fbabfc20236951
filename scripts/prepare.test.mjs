import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingEntries } from "./complete-lock.mjs";
import { nodeComplaint } from "./prepare.mjs";

describe("an old Node", () => {
  it.each(["20.19.0", "20.20.2", "22.0.0", "24.3.1", "26.0.0"])("%s will do", (version) => {
    expect(nodeComplaint(version)).toBeNull();
  });

  it.each(["20.18.3", "18.20.0", "16.0.0"])("%s is refused with a sentence", (version) => {
    expect(nodeComplaint(version)).toContain(`needs Node 20.19 or newer, and this is ${version}`);
  });
});

describe("package-lock.json", () => {
  it("lacks nothing that npm ci would miss on another system", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    expect(Object.keys(missingEntries(packages))).toEqual([]);
  });

  it("is told what it lacks, with the platform that the name says", () => {
    const packages = {
      "node_modules/tool": {
        version: "1.0.0",
        optionalDependencies: { "@tool/linux-arm64-musl": "1.0.0", "@tool/here": "1.0.0" },
      },
      "node_modules/@tool/here": { version: "1.0.0" },
    };
    expect(missingEntries(packages)).toEqual({
      "node_modules/@tool/linux-arm64-musl": {
        version: "1.0.0",
        cpu: ["arm64"],
        libc: ["musl"],
        os: ["linux"],
        optional: true,
      },
    });
  });
});
