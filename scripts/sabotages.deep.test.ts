import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ESLint, type Linter } from "eslint";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

import { nameComplaint, treeOf } from "./check-files.mjs";
import { AGAINST_LINT } from "./sabotages-of-lint";
import { AGAINST_TYPES, type Patch } from "./sabotages-of-types";

/**
 * What is said to be closed is closed: each of these is a line that somebody writes in a hurry, and each is caught
 * before it runs. Nothing is written to disk.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const absolute = (file: string) => path.join(ROOT, file);

function patched({ file, from, to }: Patch): string {
  const text = readFileSync(absolute(file), "utf8");
  if (from === undefined) return `${text}${to}\n`;
  const parts = text.split(from);
  expect(parts, `${file} says this once: ${from}`).toHaveLength(2);
  return parts.join(to);
}

describe("tsc", () => {
  const texts = new Map<string, { readonly version: number; readonly text: string }>();
  let version = 0;
  let service: ts.LanguageService;

  beforeAll(() => {
    const read = ts.readConfigFile(absolute("tsconfig.json"), (file) => ts.sys.readFile(file));
    const { options } = ts.parseJsonConfigFileContent({ ...read.config, include: [], files: [] }, ts.sys, ROOT);
    const roots = [...new Set(AGAINST_TYPES.flatMap(({ file, seenIn = file }) => [file, seenIn]))].map(absolute);
    service = ts.createLanguageService({
      getCompilationSettings: () => ({ ...options, incremental: false }),
      getScriptFileNames: () => [...roots, absolute("next-env.d.ts")].filter((file) => existsSync(file)),
      getScriptVersion: (file) => String(texts.get(file)?.version ?? 0),
      getScriptSnapshot: (file) => {
        const text = texts.get(file)?.text ?? ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => ROOT,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (...given) => ts.sys.fileExists(...given),
      readFile: (...given) => ts.sys.readFile(...given),
      readDirectory: (...given) => ts.sys.readDirectory(...given),
      directoryExists: (...given) => ts.sys.directoryExists(...given),
      getDirectories: (...given) => ts.sys.getDirectories(...given),
    });
  });

  const complaintsOf = (file: string) =>
    [...service.getSyntacticDiagnostics(absolute(file)), ...service.getSemanticDiagnostics(absolute(file))].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  const write = (file: string, text: string) => texts.set(absolute(file), { version: (version += 1), text });

  it.each(AGAINST_TYPES)("catches $what", ({ says, seenIn, ...patch }) => {
    const { file } = patch;
    expect(complaintsOf(seenIn ?? file), "as it stands it has no fault").toEqual([]);
    const whole = readFileSync(absolute(file), "utf8");
    write(file, patched(patch));
    try {
      expect(complaintsOf(seenIn ?? file).join("\n")).toContain(says);
    } finally {
      write(file, whole);
    }
  });
});

describe("lint", () => {
  let eslint: ESLint;

  beforeAll(async () => {
    const { default: house } = (await import(absolute("eslint.config.mjs"))) as { default: Linter.Config[] };
    // Rules that ask for types are the compiler's neighbours: what is looked at here are those of the house.
    const untyped = house.map(({ rules, languageOptions, ...rest }) => {
      const { parserOptions: _typed, ...options } = languageOptions ?? {};
      const own = Object.entries(rules ?? {}).filter(([name]) => !name.startsWith("@typescript-eslint/"));
      return { ...rest, languageOptions: options, rules: Object.fromEntries(own) };
    });
    eslint = new ESLint({ cwd: ROOT, overrideConfigFile: true, overrideConfig: untyped });
  });

  const complaintsOf = async (file: string, text: string) => {
    const [result] = await eslint.lintText(text, { filePath: absolute(file) });
    return (result?.messages ?? []).map(({ message }) => message).join("\n");
  };

  it.each(AGAINST_LINT)("catches $what", async ({ says, ...patch }) => {
    const { file } = patch;
    expect(await complaintsOf(file, readFileSync(absolute(file), "utf8")), "as it stands").toBe("");
    expect(await complaintsOf(file, patched(patch))).toContain(says);
  });
});

describe("the names of files", () => {
  const READS = 'import { db } from "@/lib/platform/database/db";\nexport const all = () => db().vehicle.findMany();\n';
  it.each([
    ["a drawer for whatever is left over", "lib/vehicles/utils.ts", "", "utils is no name"],
    ["a file that stands in no room", "lib/clock.ts", "", "lib/ holds folders alone"],
    ["a noun that reads", "lib/vehicles/garage.ts", READS, "is it a step?"],
    ["a policy that reads", "lib/vehicles/policy.ts", READS, "a policy is pure"],
  ])("catch %s", (_what, file, text, says) => {
    const textOf = (name: string) => (name === file ? text : readFileSync(absolute(name), "utf8"));
    const complaint = nameComplaint(file, treeOf([file, "lib/platform/database/db.ts"], textOf));
    expect(complaint?.toLowerCase()).toContain(says.toLowerCase());
  });
});
