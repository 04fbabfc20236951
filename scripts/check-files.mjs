// What files are called, the budget of lines, the pages that texts name, and files that import each other.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { kindComplaint } from "./file-kinds.mjs";
import { circlesOf } from "./import-circles.mjs";
import { ROOT } from "./prepare.mjs";

const MAX_LINES = 300;
/** A test reads from top to bottom: one table of cases may be long. */
const MAX_TEST_LINES = 500;
const SKIPPED = ["node_modules", ".git", ".next", ".build", ".data", "generated", "test-results", "playwright-report"];
const FORBIDDEN = [
  "utils",
  "util",
  "helpers",
  "helper",
  "misc",
  "common",
  "types",
  "constants",
  "index",
  "shared",
  "lib",
];

/** The one file that stands in lib/ itself. */
const TABLE_OF_NOUNS = "lib/resources.ts";

/** @param {readonly string[]} files */
export function treeOf(files, textOf = (/** @type {string} */ file) => readFileSync(path.join(ROOT, file), "utf8")) {
  return { files: new Set(files), textOf };
}

/** @returns {string[]} every file but what is made, installed or kept for a running hub */
export function filesBelow(folder = "") {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return SKIPPED.includes(entry.name) ? [] : filesBelow(name);
    return [name];
  });
}

/**
 * What is wrong with a file's name, or null.
 * @param {string} file @param {{ files: ReadonlySet<string>, textOf: (file: string) => string }} tree
 */
export function nameComplaint(file, tree) {
  const base = path.posix.basename(file);
  const word = base
    .replace(/\.d\.mts$/, "")
    .replace(/(\.deep)?(\.test|\.test-d|\.spec|\.config)?\.(tsx?|mjs|mts)$/, "");
  const folders = file.startsWith("lib/") ? path.posix.dirname(file).split("/").slice(1) : [];
  if ([word, ...folders].some((name) => FORBIDDEN.includes(name)))
    return `${[word, ...folders].find((name) => FORBIDDEN.includes(name))} is no name: say what it holds.`;
  const routeFolder = file.startsWith("app/");
  if (!routeFolder && !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(word)) return "file names are kebab-case.";
  return file.startsWith("lib/") && file !== TABLE_OF_NOUNS ? kindComplaint(file, tree) : null;
}

function lengthComplaint(file) {
  const lines = readFileSync(path.join(ROOT, file), "utf8").split("\n").length - 1;
  const most = /\.(test|spec)\.tsx?$/.test(file) ? MAX_TEST_LINES : MAX_LINES;
  return lines > most ? `${lines} lines; at most ${most}: which part has a name of its own?` : null;
}

const NAMED_PAGE = /(?<![\w/:.-])(?:[\w.-]+\/|\.\.\/)*[\w-]+\.md\b/g;
const RECORD = /^docs\/decisions\/\d{4}-.+\.md$/;
const INDEX = "docs/decisions/README.md";

/**
 * Pages that a text names and that are not there, and records that the index leaves out.
 * @param {string} file @param {string} text @param {readonly string[]} files
 */
export function pageComplaints(file, text, files) {
  const named = (text.match(NAMED_PAGE) ?? []).map((page) => [
    page,
    path.posix.normalize(page),
    path.posix.join(path.posix.dirname(file), page),
  ]);
  const absent = named
    .filter(([, ...places]) => !places.some((place) => files.includes(place)))
    .map(([page]) => `names ${page}, which is not there: name a page of the repository, or say what it says.`);
  if (file !== INDEX) return absent;
  const listed = named.map(([, , place]) => place);
  const unlisted = files.filter((record) => RECORD.test(record) && !listed.includes(record));
  return [...absent, ...unlisted.map((record) => `${record} has no line in the index.`)];
}

/** A migration is never changed, not even its comments: its checksum is in databases. */
const isText = (file) =>
  /\.(tsx?|m[jt]s|md|css|ya?ml|prisma|json)$|^\.env/.test(file) &&
  !["package-lock.json", "scripts/check-files.test.mjs"].includes(file);

function main() {
  const files = filesBelow();
  const tree = treeOf(files);
  const complaints = files.flatMap((file) => {
    const isCode = /\.(tsx?|mjs|mts)$/.test(file);
    const ofName = isCode ? [nameComplaint(file, tree), lengthComplaint(file)].filter(Boolean) : [];
    const ofPages = isText(file) ? pageComplaints(file, readFileSync(path.join(ROOT, file), "utf8"), files) : [];
    return [...ofName, ...ofPages].map((complaint) => `${file}: ${complaint}`);
  });
  const code = files.filter((file) => /\.(tsx?|mjs)$/.test(file));
  complaints.push(
    ...circlesOf(treeOf(code)).map(
      (circle) => `${circle.join(", ")}: each imports the next, and the last the first. Which part do both need?`,
    ),
  );
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
