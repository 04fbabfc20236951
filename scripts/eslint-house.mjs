// docs/architecture: which way imports run. The features are the folders of lib/ that aren't part of the ground.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

const GROUND = [
  "lib/platform",
  "lib/resources",
  "lib/auth",
  "lib/jobs",
  "lib/entry",
  "lib/audit-log",
  "lib/public-api",
];
const ORDER = ["emails", ...GROUND, "lib/<feature>", "components", "app", "server"];
/** Entry points and what only they and tests use: they may import anything. */
const FREE = ["prisma", "testing", "scripts", "e2e", "bench"];
/** What makes the records of a test: the seed takes it too, what runs in production never. */
const MADE_FOR_TESTS = /^(testing|prisma\/(factories|bulk))\//;
/** Tests themselves are not asked. */
const MAY_TAKE_TESTING = /^(testing|e2e|bench|prisma)\/|^scripts\/serve-e2e$/;
/** Before the name of what is no file of ours. */
const PACKAGE = "package:";
const BETWEEN_FEATURES = ["queries", "policy", "presenter", "schema"];
const FROM_COMPONENTS = ["actions", "schema", "policy"];
const GENERIC_COMPONENTS = ["ui", "data-table", "form", "record"];

/** What passes the audit log by, and who may: bookkeeping that nobody audits. */
const WRITE_DOOR = "lib/platform/database/write-db";
const PAST_THE_LOG =
  "Writing goes through mutate() of lib/audit-log/mutate; only the bookkeeping listed in scripts/eslint-house.mjs may pass it by.";

/**
 * Doors: a file, one name of it, or a package, that only the files listed import (types of it whoever likes).
 * @type {readonly { to: string, name?: string, keys: readonly RegExp[], says: string, alsoTypes?: true }[]}
 */
export const DOORS = [
  {
    to: WRITE_DOOR,
    keys: [
      /^lib\/audit-log\/(final-acts|mutate|submissions|verifications)$/,
      /^lib\/after-restore\/service$/,
      /^lib\/auth\/session$/,
      /^lib\/sign-in\//,
      /^lib\/members\/send-invitation$/,
      /^lib\/custom-fields\/sweep-custom-field$/,
      /^lib\/imports\/(purge-tried-imports|run-import)$/,
      /^lib\/platform\/mail\/(pace|outbox)$/,
      /^lib\/jobs\/(crontab|heartbeat|held-jobs|clamp-run-times|publish-events|take-steps)$/,
      /^lib\/webhooks\/enqueue-deliveries$/,
      /^lib\/notifications\/(compose-mails|note-delivery|prepare-notices|send-mails)$/,
    ],
    says: PAST_THE_LOG,
    alsoTypes: true,
  },
  {
    to: "lib/platform/database/pool",
    name: "writePool",
    keys: [
      /^lib\/platform\/database\/write-db$/,
      /^lib\/api-keys\/record-key-use$/,
      /^lib\/jobs\/(event-mails|step-queue)$/,
      /^lib\/public-api\/(idempotency|rate-limiter)$/,
      /^lib\/webhooks\/deliveries\/(claim-deliveries|purge-old-deliveries|record-outcome)$/,
      /^server\/(contract-watch|metrics|worker)$/,
    ],
    says: PAST_THE_LOG,
  },
  {
    to: "lib/platform/database/pool",
    name: "readPool",
    keys: [/^lib\/platform\/database\/db$/, /^lib\/auth\/credentials$/, /^server\/(mail-metrics|metrics)$/],
    says: "Reading goes through db() and readSql() of lib/platform/database/db: a session of one's own could be set to write.",
  },
  {
    to: "package:pg",
    keys: [/^lib\/platform\/database\//],
    says: "Connections are made in lib/platform/database alone, with the settings that every session has: take db() or mutate() (types excepted).",
  },
  {
    to: "lib/auth/permit",
    name: "authorize",
    keys: [
      /^lib\/auth\/recheck-rights$/,
      /^lib\/entry\/(attempt|page)$/,
      /^lib\/jobs\/define-job$/,
      /^lib\/public-api\/stages\/permission$/,
      // They ask for one right more, of the person whom their permit names.
      /^lib\/imports\/require-writer$/,
      /^lib\/public-api\/record-writers$/,
      /^lib\/(integration-credentials|webhooks)\/service$/,
      /^lib\/sign-in\/(adapter|handle-auth-request)$/,
    ],
    says: "A permit comes from a way in (lib/entry, a stage, a job): take it as your first parameter.",
  },
  {
    to: "lib/public-api/api-request",
    name: "bodyOf",
    keys: [/^lib\/public-api\/stages\/(envelope|open-body)$/],
    says: "A body is read by openBody() of lib/public-api/stages/open-body, once it is known who may send it.",
  },
];

/** @param {string} root */
export function featuresOf(root) {
  return readdirSync(path.join(root, "lib"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !GROUND.includes(`lib/${entry.name}`))
    .map((entry) => entry.name);
}

/** `lib/api-keys/policy.ts` → where it stands. */
function placeOf(file, features) {
  const [top = "", folder = "", ...rest] = file.split("/");
  if (top !== "lib") return { layer: top, folder, file };
  const feature = features.includes(folder) ? folder : null;
  return {
    layer: feature ? "lib/<feature>" : `lib/${folder}`,
    folder,
    feature,
    word: rest[0]?.replace(/\.tsx?$/, ""),
    file,
  };
}

/**
 * What is wrong with this import, as a sentence that says where the thing belongs; null when nothing is.
 * `names` are those that are imported besides types; null = whatever there is.
 * @param {{ from: string, to: string, typeOnly: boolean, features: string[], names?: readonly string[] | null }} given
 * paths below the root, without suffix, or `package:name`
 */
export function importComplaint({ from, to, typeOnly, features, names = null }) {
  const importer = placeOf(from, features);
  const imported = placeOf(to, features);
  if (MADE_FOR_TESTS.test(to) && from.startsWith("scripts/") && !MAY_TAKE_TESTING.test(from)) {
    return "What stands in testing/, prisma/factories/ and prisma/bulk/ is for tests, e2e, bench and the seed alone.";
  }
  if (FREE.includes(importer.layer) || !from.includes("/")) return null;
  const atDoor = () => doorComplaint(from, to, { typeOnly, names });
  if (to.startsWith(PACKAGE) || !to.includes("/")) return atDoor();
  return (
    clientComplaint(from, to, typeOnly) ??
    directionComplaint(importer, imported) ??
    atDoor() ??
    featureComplaint(importer, imported, names) ??
    componentComplaint(importer, imported, typeOnly) ??
    pageComplaint(importer, imported)
  );
}

function doorComplaint(from, to, { typeOnly, names }) {
  const isShut = (door) =>
    door.to === to &&
    (!typeOnly || door.alsoTypes === true) &&
    (door.name === undefined || (names?.includes(door.name) ?? true));
  return DOORS.find((door) => isShut(door) && !door.keys.some((key) => key.test(from)))?.says ?? null;
}

function clientComplaint(from, to, typeOnly) {
  if (to.startsWith("generated/") && !typeOnly && !["lib/platform/database/db", WRITE_DOOR].includes(from)) {
    return "Only lib/platform/database/db.ts and write-db.ts import the generated client (types excepted): take `db` and `Prisma` from lib/platform/database/db.";
  }
  return null;
}

function directionComplaint(importer, imported) {
  if (FREE.includes(imported.layer))
    return `${imported.layer}/ holds entry points: nothing imports from there. What both need belongs in lib/.`;
  const here = ORDER.indexOf(importer.layer);
  const there = ORDER.indexOf(imported.layer);
  if (here < 0 || there < 0) return null;
  if (importer.layer === "server" && imported.layer === "app")
    return "server/ doesn't import pages: what both need belongs in lib/.";
  if (there <= here) return null;
  return `${importer.layer} stands left of ${imported.layer} and may not import it: move what both need to ${importer.layer}, or let ${imported.layer} pass it in.`;
}

/** Of another's service, what hands over what it makes within its own transaction, and to whom. */
const INTO = {
  to: "lib/api-keys/service",
  names: ["createInto", "regenerateInto"],
  by: "integration-credentials",
};

function featureComplaint(importer, imported, names) {
  if (!importer.feature || !imported.feature || importer.feature === imported.feature) return null;
  const isHandedOver = imported.file === INTO.to && names?.every((name) => INTO.names.includes(name));
  if (isHandedOver && importer.feature === INTO.by) return null;
  if (BETWEEN_FEATURES.includes(imported.word)) return null;
  return `A feature takes from another only ${BETWEEN_FEATURES.join(", ")}: effects between features travel as events (a job), shared pure words belong in the other's policy.`;
}

function componentComplaint(importer, imported, typeOnly) {
  if (importer.layer !== "components") return null;
  if (GENERIC_COMPONENTS.includes(importer.folder)) {
    const productWord =
      imported.feature || (imported.layer === "components" && !GENERIC_COMPONENTS.includes(imported.folder));
    return productWord
      ? `components/${importer.folder} knows no product word: pass it in as a prop, or move this component to its feature's folder.`
      : null;
  }
  if (!imported.feature || typeOnly || FROM_COMPONENTS.includes(imported.word)) return null;
  return `A component imports from a feature only ${FROM_COMPONENTS.join(", ")} (types from anywhere): rows come from the page, which calls queries; pure rules belong in the feature's policy.`;
}

function pageComplaint(importer, imported) {
  if (importer.layer !== "app") return null;
  const closed =
    ["lib/platform/database/db", WRITE_DOOR, "lib/audit-log/mutate"].includes(imported.file) ||
    imported.word === "service";
  return closed
    ? "A page asks for a permit, calls a query and renders: reading belongs in the feature's queries, writing in its actions and service."
    : null;
}

/** @type {import("eslint").Rule.RuleModule} */
export const importDirection = {
  meta: { type: "problem", schema: [], messages: { wrong: "{{ complaint }}" } },
  create(context) {
    const root = context.cwd;
    const features = featuresOf(root);
    const from = withoutSuffix(path.relative(root, context.filename));
    if (/\.(test|test-d|deep\.test|spec)$/.test(from)) return {};
    const check = (node, typeOnly) => {
      const to = resolveImport(root, context.filename, node.source?.value);
      const complaint = to && importComplaint({ from, to, typeOnly, features, names: namesOf(node) });
      if (complaint) context.report({ node: node.source, messageId: "wrong", data: { complaint } });
    };
    return {
      ImportDeclaration: (node) => check(node, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node, node.exportKind === "type"),
      ExportAllDeclaration: (node) => check(node, false),
      ImportExpression: (node) => check(node, false),
    };
  },
};

/**
 * Next encrypts what a closure takes along to the browser with a key that here is made of the sources, and so no secret.
 * An export of a file that is `"use server"` as a whole takes nothing along.
 * @type {import("eslint").Rule.RuleModule}
 */
export const serverActions = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      wrong:
        'A server action is an export of an actions.ts with "use server" at its head, and nothing else runs for a browser: what a closure takes along would be encrypted with a key that is no secret.',
    },
  },
  create(context) {
    const isActions = /^lib\/.+\/actions\.ts$/.test(withSlashes(path.relative(context.cwd, context.filename)));
    const isAllowed = ({ directive, parent }) => directive === "use server" && parent.type === "Program" && isActions;
    return {
      "ExpressionStatement[directive=/^use (server|cache)/]": (node) => {
        if (!isAllowed(node)) context.report({ node, messageId: "wrong" });
      },
    };
  },
};

function isTypeOnly(node) {
  const named = node.specifiers ?? [];
  return node.importKind === "type" || (named.length > 0 && named.every(({ importKind }) => importKind === "type"));
}

/** What is imported by name, types left out; null = whatever there is (`* as`, a default, at run time). */
function namesOf({ specifiers }) {
  if (!specifiers?.every(({ type }) => type === "ImportSpecifier" || type === "ExportSpecifier")) return null;
  const values = specifiers.filter((specifier) => (specifier.importKind ?? specifier.exportKind) !== "type");
  return values.map(({ type, imported, local }) => (type === "ImportSpecifier" ? imported : local).name);
}

/** A path below the root without suffix, or the name of a package. */
function resolveImport(root, filename, source) {
  if (typeof source !== "string") return null;
  if (source.startsWith("@/")) return withoutSuffix(source.slice(2));
  if (!source.startsWith(".")) return `${PACKAGE}${source}`;
  const file = path.relative(root, path.resolve(path.dirname(filename), source));
  return existsSync(path.join(root, file, "index.ts")) ? `${file}/index` : withoutSuffix(file);
}

const withSlashes = (/** @type {string} */ file) => file.split(path.sep).join("/");

export const withoutSuffix = (/** @type {string} */ file) => withSlashes(file).replace(/\.(tsx?|mjs|js)$/, "");
