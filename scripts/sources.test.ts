import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_BUILD } from "next/constants";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";

import configure from "../next.config";
import { actionsKeyOf, buildIdOf, sourcesHash } from "./sources.mjs";
import { makeTemporaryDirectory } from "@/testing/temporary-directory";

const root = await makeTemporaryDirectory("sources");
let made = 0;

afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** A folder of its own with these files in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = path.join(root, String(++made));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

describe("what the pages' sources are", () => {
  const SOURCES = { "app/page.tsx": "a", "lib/api-keys/actions.ts": "b", "package-lock.json": "{}" };
  const hash = sourcesHash(folderWith(SOURCES));

  it("is the same wherever they stand, whatever else stands there", () => {
    expect(sourcesHash(folderWith(SOURCES))).toBe(hash);
    const more = { "README.md": "x", "lib/api-keys/actions.test.ts": "x", "app/.DS_Store": "x", ".next/a.js": "x" };
    expect(sourcesHash(folderWith({ ...SOURCES, ...more }))).toBe(hash);
  });

  it.each([
    ["a word", { ...SOURCES, "app/page.tsx": "b" }],
    ["a name", { "app/pages.tsx": "a", "lib/api-keys/actions.ts": "b", "package-lock.json": "{}" }],
    ["a package", { ...SOURCES, "package-lock.json": "{ }" }],
    ["a table", { ...SOURCES, "prisma/schema/a.prisma": "" }],
    ["how it is built", { ...SOURCES, "next.config.ts": "" }],
  ])("is another with another %s", (_, files) => expect(sourcesHash(folderWith(files))).not.toBe(hash));

  it("makes a name that Next takes, and a key for AES", () => {
    expect(buildIdOf(hash)).toMatch(/^[0-9a-f]{20}$/);
    expect(Buffer.from(actionsKeyOf(hash), "base64")).toHaveLength(32);
    expect(actionsKeyOf(hash)).not.toBe(actionsKeyOf(sourcesHash(folderWith({}))));
  });
});

describe("a build", () => {
  const hash = sourcesHash();

  it("is called by its sources, and so are its actions", async () => {
    vi.stubEnv("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", "");
    const { deploymentId, generateBuildId } = configure(PHASE_PRODUCTION_BUILD);
    expect([deploymentId, await generateBuildId?.()]).toEqual([buildIdOf(hash), buildIdOf(hash)]);
    expect(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY).toBe(actionsKeyOf(hash));
  });

  it("takes an operator's own key", () => {
    const own = Buffer.alloc(32, 7).toString("base64");
    vi.stubEnv("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", own);
    configure(PHASE_PRODUCTION_BUILD);
    expect(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY).toBe(own);
  });

  it("has no name in development, where each word changes it", () => {
    vi.stubEnv("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", "");
    expect(configure(PHASE_DEVELOPMENT_SERVER).deploymentId).toBeUndefined();
    expect(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY).toBe("");
  });
});
