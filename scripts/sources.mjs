// What the pages are made of, and what follows from it. The same sources give the same names on every machine.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Everything that reaches a page or the way it is built; what is generated from these is left out. */
const PAGE_SOURCES = [
  "app",
  "components",
  "lib",
  "emails",
  "server",
  "public",
  "prisma/schema",
  "scripts/sources.mjs",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];

const ID_LENGTH = 20;

/** One hash of all files below these names, by their names and contents alone: not by where, when or with what. */
export function hashOf(/** @type {string[]} */ names, root = ROOT) {
  const hash = createHash("sha256");
  for (const file of names.flatMap((name) => filesBelow(root, name))) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

/** What the pages' sources are: two builds with the same one serve each other's tabs. */
export const sourcesHash = (root = ROOT) => hashOf(PAGE_SOURCES, root);

/** How a build calls itself: short, because each address of a file carries it. */
export const buildIdOf = (/** @type {string} */ hash) => hash.slice(0, ID_LENGTH);

/**
 * From this key Next derives the ids of server actions. Made of the sources it is no secret, and guards none: lint sees
 * to it that no action has a closure, whose values are what Next would encrypt with it.
 */
export function actionsKeyOf(/** @type {string} */ hash) {
  return createHash("sha256").update(`server actions\0${hash}`).digest("base64");
}

/** @param {string} root @param {string} name @returns {string[]} */
function filesBelow(root, name) {
  const found = path.join(root, name);
  if (!existsSync(found)) return [];
  if (!statSync(found).isDirectory()) return [name];
  return readdirSync(found)
    .filter((entry) => !entry.startsWith("."))
    .sort()
    .flatMap((entry) => filesBelow(root, `${name}/${entry}`))
    .filter((file) => !/\.test(-d)?\.tsx?$/.test(file));
}
