import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

/**
 * Words that files and identifiers of this house once had, and the ones that engineers elsewhere use for the same
 * thing. Prose may go on in ordinary English.
 */
const RETIRED: Readonly<Record<string, string>> = {
  asking: "authContext",
  caller: "identity (what a request brought along)",
  "credential-of": "authenticatedKeyOf",
  changer: "actingMember",
  leaver: "departing (member)",
  leavers: "departing (member)",
  patience: "timeout",
  patient: "long-running, or poll",
  patiently: "withRetry, or longTransaction",
  told: "message, notified, or what it is",
  telling: "delivery",
  tellings: "deliveries",
  lot: "batch",
  lots: "batches",
  lend: "attach",
  lent: "attached",
  dice: "random",
  passage: "progress",
  attended: "watchdog",
  attendant: "watchdog",
  overtaken: "raceRightsChange, or superseded",
  hearers: "subscribers",
  "heard-by": "subscribers",
  "heard-events": "enqueueDeliveries",
  "wanted-facts": "mergeSettings",
  "facts-wanted": "mergeSettings",
  "put-down": "recordEvents",
  "late-dialog": "lazyDialog",
  "late-confirm": "lazyConfirm",
  "late-trigger": "lazyTrigger",
  "process-wide": "singleton",
  "silence-the-past": "suppressPastNotices",
  "follow-deed": "trackCommit",
  "forgo-deeds": "abandonChanges",
  "dishonest-waits": "clampRunTimes",
  "longest-waits": "clampRunTimes",
  "files-at-once": "fileSlots",
  "hold-file": "acquireFileSlot",
  "api-place": "instanceLock",
  "write-whole": "writeAtomically",
  "whole-file": "atomicFile",
  "secret-shapes": "secretPatterns",
  "without-secrets": "redactSecrets",
  "ask-next-auth": "callNextAuth",
  "commit-door": "commitProxy",
  "database-door": "databaseProxy",
  "caught-up": "remoteChanges",
  "fall-behind": "markStale",
  "too-wide": "overflow",
  "migration-books": "migrationTable",
  "open-books": "ensureMigrationTable",
  "rights-again": "recheckRights",
  "once-only": "runIdempotently",
  "forget-old": "purge",
  "note-beat": "recordHeartbeat",
  "line-failure": "isConnectionFailure",
  "is-undone": "isRolledBack",
};

/** The table above is made of them. */
const HERE = "scripts/retired-names.test.ts";
const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDERS = ["app", "bench", "components", "e2e", "emails", "lib", "prisma", "scripts", "server", "testing"];
/** `putDown`, `PUT_DOWN` and `#putDown` as `put-down`. */
const kebab = (name: string) =>
  name
    .replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2")
    .replaceAll(/[_#.]+/g, "-")
    .toLowerCase();
const BACK = new RegExp(`(?<![a-z\\d])(${Object.keys(RETIRED).join("|")})(?![a-z\\d])`);
const COMMENTS = /\/\*[^]*?\*\/|\/\/.*$/gm;
const retiredIn = (name: string) => BACK.exec(kebab(name))?.[1];

/** Only a text that seems to have one is parsed: what stands in a sentence or between tags is no identifier. */
function identifiersOf(file: string, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!BACK.test(kebab(text.replaceAll(COMMENTS, "")))) return names;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  const isMarkup = file.endsWith("x");
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, isMarkup ? ts.ScriptKind.TSX : undefined));
  return names;
}

it("knows a retired word in every way of writing a name, and no word that only contains it", () => {
  const names = ["putDown", "leavers-keys", "PATIENCE_MS", "#lent", "currentCaller", "LateDialog"];
  expect(names.map(retiredIn)).toEqual(["put-down", "leavers", "patience", "lent", "caller", "late-dialog"]);
  expect(["slots", "inputDown", "allotted", "calledBack", "toldest", "lateDialogue"].map(retiredIn)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it("no file and no identifier has a word that was given up", { timeout: 60_000 }, () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name)),
  ).filter((file) => /\.(tsx?|mjs)$/.test(file) && file !== HERE);
  const found = files.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    return [path.parse(file).name, ...identifiersOf(file, text)].flatMap((name) => {
      const word = retiredIn(name);
      return word === undefined ? [] : [`${file}: ${name}: “${word}” was given up for ${RETIRED[word]}`];
    });
  });
  expect(files.length).toBeGreaterThan(500);
  expect(found).toEqual([]);
});
