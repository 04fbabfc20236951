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
const BETWEEN_FEATURES = ["queries", "policy", "presenter", "schema"];
const FROM_COMPONENTS = ["actions", "schema", "policy"];
const GENERIC_COMPONENTS = ["ui", "data-table", "form", "record"];

/** The one door past the audit log, and who may use it. */
const WRITE_DOOR = "lib/platform/write-db";
const WRITE_DOOR_KEYS = [
  /^lib\/audit-log\/(final-acts|mutate|submissions|verifications)$/,
  /^lib\/after-restore\/service$/,
  /^lib\/auth\/session$/,
  /^lib\/sign-in\//,
  /^lib\/members\/invitation-mail$/,
  /^lib\/api-keys\/usage$/,
  /^lib\/custom-fields\/sweep$/,
  /^lib\/imports\/(run-import|sweep)$/,
  /^lib\/platform\/(mail-pace|outbox)$/,
  /^lib\/jobs\/(crontab|heartbeat|held-jobs|clamp-run-times|publish-events)$/,
  /^lib\/webhooks\/enqueue-deliveries$/,
  /^lib\/notifications\/(compose|deliveries|due-notices|send-mails)$/,
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
 * @param {{ from: string, to: string, typeOnly: boolean, features: string[] }} given paths below the root, without suffix
 */
export function importComplaint({ from, to, typeOnly, features }) {
  const importer = placeOf(from, features);
  const imported = placeOf(to, features);
  if (MADE_FOR_TESTS.test(to) && from.startsWith("scripts/") && !MAY_TAKE_TESTING.test(from)) {
    return "What stands in testing/, prisma/factories/ and prisma/bulk/ is for tests, e2e, bench and the seed alone.";
  }
  if (FREE.includes(importer.layer) || !from.includes("/") || !to.includes("/")) return null;
  return (
    doorComplaint(from, to, typeOnly) ??
    directionComplaint(importer, imported) ??
    featureComplaint(importer, imported) ??
    componentComplaint(importer, imported, typeOnly) ??
    pageComplaint(importer, imported)
  );
}

function doorComplaint(from, to, typeOnly) {
  if (to.startsWith("generated/") && !typeOnly && !["lib/platform/db", WRITE_DOOR].includes(from)) {
    return "Only lib/platform/db.ts and write-db.ts import the generated client (types excepted): take `db` and `Prisma` from lib/platform/db.";
  }
  if (to === WRITE_DOOR && !WRITE_DOOR_KEYS.some((key) => key.test(from))) {
    return "Writing goes through mutate() of lib/audit-log/mutate; only the bookkeeping listed in scripts/eslint-house.mjs may pass it by.";
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

function featureComplaint(importer, imported) {
  if (!importer.feature || !imported.feature || importer.feature === imported.feature) return null;
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
    ["lib/platform/db", WRITE_DOOR, "lib/audit-log/mutate"].includes(imported.file) || imported.word === "service";
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
      const complaint = to && importComplaint({ from, to, typeOnly, features });
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

/** A path below the root without suffix; null for packages. */
function resolveImport(root, filename, source) {
  if (typeof source !== "string") return null;
  if (source.startsWith("@/")) return withoutSuffix(source.slice(2));
  if (!source.startsWith(".")) return null;
  const file = path.relative(root, path.resolve(path.dirname(filename), source));
  return existsSync(path.join(root, file, "index.ts")) ? `${file}/index` : withoutSuffix(file);
}

const withSlashes = (/** @type {string} */ file) => file.split(path.sep).join("/");

export const withoutSuffix = (/** @type {string} */ file) => withSlashes(file).replace(/\.(tsx?|mjs|js)$/, "");
