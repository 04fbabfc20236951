// docs/architecture: the words of a feature. What a file of lib/ may be called is decided by its kind, not by a list of
// the names that happen to exist: a word of the vocabulary, a step, or a noun; and a noun is pure.
import path from "node:path";

/** Of what stands under each of these it is known what it may touch. */
const VOCABULARY = [
  ...["schema", "policy", "presenter", "records", "queries", "api-queries", "service"],
  ...["actions", "endpoints", "downloads", "uploads", "receivers", "jobs"],
  // Of a list: what it is filtered by, and the file that is made of it.
  ...["list-conditions", "export"],
];

/** Those of them that are pure, like a noun. */
const PURE_WORDS = ["schema", "policy", "presenter"];

/** What a step does. A verb that is not here is one line here, where it says what no other of them says. */
const VERBS = [
  ...["begin", "call", "claim", "compose", "create", "disable", "end", "enqueue", "export", "find", "handle", "invite"],
  ...[
    "lapse",
    "limit",
    "list",
    "merge",
    "note",
    "notify",
    "prepare",
    "purge",
    "queue",
    "read",
    "record",
    "redo",
    "report",
    "require",
  ],
  ...["run", "send", "set", "sweep", "take", "write"],
];

/** What touches the world itself; it is a concept with a name all the same, and knows no feature. */
const GROUND = ["lib/platform", "lib/auth", "lib/jobs", "lib/entry", "lib/audit-log", "lib/public-api"];
/** Rooms of the ground that have records of their own. */
const WITH_RECORDS = ["lib/audit-log", "lib/public-api"];

/** Named before they had to be a step or pure. None is added; one that is neither any longer goes. */
export const NOT_YET = [
  "lib/members/acting-member.ts",
  "lib/sign-in/adapter.ts",
  "lib/sign-in/auth-options.ts",
  "lib/sign-in/oidc.ts",
  "lib/webhooks/deliveries/dispatcher.ts",
];

const IMPURE_PACKAGE =
  /^(?:pg|undici|resend|graphile-worker|next-auth(?:\/.*)?|next\/(?:cache|headers|navigation)|node:(?:child_process|dgram|dns|fs|http|http2|https|net|timers|tls)(?:\/promises)?)$/;
const IMPURE_TEXT = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bset(?:Timeout|Interval)\(|\bfetch\(/;
/** Settings, and what is encrypted with them: neither database nor clock nor network. */
const PURE_ENOUGH = ["lib/platform/env.ts"];

/** What a text imports to run: types left out. */
function importsOf(text) {
  const whole = [...text.matchAll(/^(?:import|export)\s+(?!type\b)([\s\S]*?)\s+from\s+"([^"]+)";/gm)];
  const named = (names) =>
    /^\{([\s\S]*)\}$/
      .exec(names)?.[1]
      ?.split(",")
      .map((name) => name.trim())
      .filter(Boolean);
  const running = whole.filter(([, names]) => !named(names)?.every((name) => name.startsWith("type ")));
  const bare = [...text.matchAll(/^import "([^"]+)";|\bimport\("([^"]+)"\)/gm)].map(
    ([, first, later]) => first ?? later,
  );
  return [...running.map(([, , from]) => from), ...bare];
}

function fileOf(importer, from, files) {
  const place = from.startsWith("@/") ? from.slice(2) : path.posix.join(path.posix.dirname(importer), from);
  return [`${place}.ts`, `${place}.tsx`].find((file) => files.has(file));
}

/**
 * Why a file is not pure, as the way to what it touches; null when it is.
 * @param {string} file @param {{ files: ReadonlySet<string>, textOf: (file: string) => string }} tree
 */
export function impurityOf(file, tree, seen = new Set()) {
  if (PURE_ENOUGH.includes(file) || seen.has(file)) return null;
  seen.add(file);
  const text = tree.textOf(file);
  if (IMPURE_TEXT.test(text)) return "the machine's clock, or the network";
  for (const from of importsOf(text)) {
    if (IMPURE_PACKAGE.test(from)) return from;
    if (from === "@/generated/prisma/client") return "the generated client";
    if (!/^(?:@\/|\.)/.test(from)) continue;
    const imported = fileOf(file, from, tree.files);
    const why = imported === undefined ? null : impurityOf(imported, tree, seen);
    if (why !== null) return `${imported} → ${why}`;
  }
  return null;
}

/** `claim-deliveries` has a function whose name says `claim`, then `Deliveries`, or one that makes such a way in. */
function isStep(word, text) {
  const [verb = "", ...nouns] = word.split("-");
  if (!VERBS.includes(verb) || nouns.length === 0) return false;
  const name = [verb, ...nouns.map((noun) => `${noun[0]?.toUpperCase()}${noun.slice(1)}`)].join("\\w*");
  return new RegExp(`^export (?:async )?(?:function\\*?|const) (?:define)?${name}`, "mi").test(text);
}

/**
 * What is wrong with what a file of lib/ is called, for what it is; null when nothing is.
 * @param {string} file @param {{ files: ReadonlySet<string>, textOf: (file: string) => string }} tree
 */
export function kindComplaint(file, tree) {
  const [room, folder] = [file.split("/").slice(0, 2).join("/"), path.posix.dirname(file)];
  if (file.split("/").length < 3) return "lib/ holds folders alone.";
  const word = path.posix.basename(file).replace(/(?:\.deep)?(?:\.test|\.test-d)?\.tsx?$/, "");
  const isGround = GROUND.includes(room);
  if (/\.test(-d)?\.tsx?$/.test(file)) return isGround ? null : testComplaint(file, folder, word, tree);
  if (PURE_WORDS.includes(word) && !isGround) {
    const why = impurityOf(file, tree);
    return why === null
      ? null
      : `a ${word} is pure, but it touches ${why}: that is a query's, a service's or a step's.`;
  }
  if (VOCABULARY.includes(word)) {
    return isGround && !WITH_RECORDS.includes(room) ? `"${word}" is a word of features: ${room} has none.` : null;
  }
  if (isGround || NOT_YET.includes(file) || isStep(word, tree.textOf(file))) return null;
  const why = impurityOf(file, tree);
  return why === null
    ? null
    : `"${word}" is no word of the vocabulary, and as a noun it would be pure, but it touches ${why}. Is it a step? Call it <verb>-<noun>, like a function of it (scripts/file-kinds.mjs).`;
}

/** One file may have several test files: handle-auth-request-https.test.ts. */
function testComplaint(file, folder, word, { files }) {
  const tested = [...files].filter(
    (other) => path.posix.dirname(other) === folder && !/\.test(-d)?\.tsx?$/.test(other),
  );
  const words = tested.map((other) => path.posix.basename(other).replace(/\.tsx?$/, ""));
  const isOne = words.some((other) => word === other || word.startsWith(`${other}-`));
  return isOne ? null : `there is no ${folder}/${word}.ts that it could test.`;
}
