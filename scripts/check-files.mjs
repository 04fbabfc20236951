// The closed vocabulary of file names, the budget of lines, and the pages that texts name. A new noun is one word in this table: is it one?
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
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

/** What a file of a feature may be called (docs/architecture: The words of a feature). */
const VOCABULARY = [
  "schema",
  "policy",
  "presenter",
  "queries",
  "service",
  "actions",
  "endpoints",
  "jobs",
  "downloads",
  "receivers",
];

/** Pure concepts with a name, by folder. Folders of the ground have nouns alone, features the vocabulary as well. */
const NOUNS = {
  "lib/platform": words(`
    watchdog-client bounded-client secret-patterns
    address-guard advisory-locks app-grants checked-connections safe-fetch list-view record-list dated-list
    instance-lock cipher coalesced commit-outcome csv database-address database-check database-errors database-identity database-state db embedded-database embedded-postgres embedded-postgres-files env errors input-fields list-page listening loopback output-fields log log-output logged-error mail-answers mail-pace mailer measurements
    migration-adapter migration-table migrations name-cases os-process outbox request-progress plain-page plain-text pool singleton schema-contract sent-mails serving session-settings trusted-proxies atomic-file write-db written-times`),
  "lib/auth": words(`
    actor absent-user api-key-token credentials track-commits entries next-cookie permissions permit rights recheck-rights scopes session
    session-cookie`),
  "lib/entry": words("action attempt download failure file-slots page read-input receive refusals upload"),
  "lib/jobs": words("crontab define-job heartbeat held-jobs clamp-run-times slots publish-events queue-pool"),
  "lib/audit-log": words(
    "chain changes downloads entries events export faults final-acts jobs list-conditions mutate queries record-export record-pages schema submissions verdicts verifications",
  ),
  "lib/public-api": words(
    "jobs whole-account database-outage revocation idempotency define-public-endpoint rate-limiter answer api-request application define-endpoint routes tenant-matrix",
  ),
  "lib/public-api/document": words(
    "answers check-answer describe-api describe-operation json-schemas list-parameters open-api operation-words published",
  ),
  "lib/api-document": [],
  "lib/public-api/lists": words("conditions cursor list-definition list-input list-walk present-list read-list"),
  "lib/public-api/stages": words(`
    account authenticate envelope log-line open-body parse permission plan-and-state rate-limit request-id source-address
    version`),
  "lib/public-api/versions": words("api-versions step-down"),
  "lib/accounts": words("api-queries create-partner customers"),
  "lib/contacts": words("api-queries contact-rows export list-conditions"),
  "lib/vehicles": words("export list-conditions settings vehicle-rows"),
  "lib/vehicle-assignments": words("api-queries assignment-rows export list-conditions"),
  "lib/meter-entries": words("api-queries export meter-entry-rows"),
  "lib/fuel-entries": words("api-queries export fuel-entry-rows readings"),
  "lib/empty-collections": words("api-queries"),
  "lib/after-restore": words("log-lines redo-acts"),
  "lib/custom-fields": words("sweep"),
  "lib/imports": words("import-fields importer references report row-reading run-import sheet sweep uploads writers"),
  "lib/api-keys": words(
    "operator-limit leak-reports api-queries end-of-day expiry expiry-choice ip-range list-conditions managed-key usage usage-history",
  ),
  "lib/members": words(
    "acting-member invitations invite-owner lapse-invitations limit-invitations api-queries invitation-mail invitation-token offboard-keys",
  ),
  "lib/notifications": words("compose deliveries due-notices mail-content resend-webhook send-mails"),
  "lib/webhooks": words("api-queries enqueue-deliveries secrets signature merge-settings"),
  "lib/webhooks/deliveries": words("claim disable disabled-mail dispatcher queries record send service sweep"),
  "lib/sign-in": words(`
    adapter call-next-auth auth-options auth-route device-words link-mail network oidc sign-in-links sign-in-requests
    single-sign-on`),
};
/** The one file that stands in lib/ itself. */
const TABLE_OF_NOUNS = "lib/resources.ts";
const GROUND = ["lib/platform", "lib/auth", "lib/jobs", "lib/entry", "lib/audit-log", "lib/public-api"];

function words(text) {
  return text.trim().split(/\s+/);
}

/** @returns {string[]} every file but what is made, installed or kept for a running hub */
function filesBelow(folder = "") {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return SKIPPED.includes(entry.name) ? [] : filesBelow(name);
    return [name];
  });
}

/** What is wrong with a file's name, or null. */
export function nameComplaint(file) {
  const base = path.posix.basename(file);
  const word = base
    .replace(/\.d\.mts$/, "")
    .replace(/(\.deep)?(\.test|\.test-d|\.spec|\.config)?\.(tsx?|mjs|mts)$/, "");
  if (FORBIDDEN.includes(word)) return `${word} is no name: say what it holds.`;
  const routeFolder = file.startsWith("app/");
  if (!routeFolder && !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(word)) return "file names are kebab-case.";
  return file.startsWith("lib/") && file !== TABLE_OF_NOUNS ? wordComplaint(file, word) : null;
}

function wordComplaint(file, word) {
  const folders = path.posix.dirname(file).split("/");
  if (folders.length < 2) return "lib/ holds folders alone.";
  const [place, feature = ""] = [folders.join("/"), folders.slice(0, 2).join("/")];
  // A file that outgrew its name is a folder of that name, with the same vocabulary inside.
  const outgrown = folders[2];
  const ofFeature = [...(GROUND.includes(feature) ? [] : VOCABULARY), ...(NOUNS[feature] ?? [])];
  if (outgrown && !NOUNS[place] && !ofFeature.includes(outgrown)) return complaintAbout(outgrown, feature, ofFeature);
  const allowed = outgrown && NOUNS[place] ? NOUNS[place] : ofFeature;
  // One word may have several test files: auth-route-https.test.ts.
  const isTest = /\.test(-d)?\.tsx?$/.test(file);
  const known = allowed.includes(word) || (isTest && allowed.some((noun) => word.startsWith(`${noun}-`)));
  return known ? null : complaintAbout(word, place, allowed);
}

function complaintAbout(word, place, allowed) {
  return `"${word}" is no word of ${place} (${allowed.join(", ")}): put it where it belongs, or list the noun in scripts/check-files.mjs.`;
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
  const complaints = files.flatMap((file) => {
    const isCode = /\.(tsx?|mjs|mts)$/.test(file);
    const ofName = isCode ? [nameComplaint(file), lengthComplaint(file)].filter(Boolean) : [];
    const ofPages = isText(file) ? pageComplaints(file, readFileSync(path.join(ROOT, file), "utf8"), files) : [];
    return [...ofName, ...ofPages].map((complaint) => `${file}: ${complaint}`);
  });
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
