// What no schema and no query may do by itself: say what a number may be, and read keys for a person.
import path from "node:path";

import { withoutSuffix } from "./eslint-house.mjs";

/** Who may say what a number that comes in, or goes out, may be. */
const NUMBER_MAKERS = [
  "lib/platform/env",
  "lib/platform/input-fields",
  "lib/platform/list-page",
  "lib/platform/output-fields",
];
const NUMBER_WORDS = /^(number|bigint|int|int32|int64|uint32|uint64|float32|float64)$/;

/**
 * `z.int()` takes 2^31, which no column holds: the database stumbles over it, and who sent it reads "unexpected". So no
 * schema, payload or cursor makes a number of its own.
 * @type {import("eslint").Rule.RuleModule}
 */
export const boundedNumbers = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      wrong:
        "A number has bounds: take recordId(), entrySequence(), wholeField() or their like from lib/platform/input-fields, of what is presented idShape() and its like from output-fields.",
    },
  },
  create(context) {
    const file = withoutSuffix(path.relative(context.cwd, context.filename));
    const isHeld = /^(app|components|emails|lib|server)\//.test(file) && !/\.(test|test-d|deep\.test)$/.test(file);
    if (!isHeld || NUMBER_MAKERS.includes(file)) return {};
    const isZ = (node) => node.type === "Identifier" && node.name === "z";
    const isZod = (node) =>
      isZ(node) || (node.type === "MemberExpression" && nameOf(node) === "coerce" && isZ(node.object));
    const report = (node) => context.report({ node, messageId: "wrong" });
    return {
      MemberExpression: (node) => {
        if (NUMBER_WORDS.test(nameOf(node) ?? "") && isZod(node.object)) report(node);
      },
      // Under another name it would go by.
      ImportDeclaration: ({ source, specifiers }) => {
        if (!/^zod(\/|$)/.test(String(source.value))) return;
        for (const specifier of specifiers)
          if (specifier.imported?.name !== "z" || specifier.local.name !== "z") report(specifier);
      },
      VariableDeclarator: (node) => {
        if (node.init && isZod(node.init)) report(node);
      },
    };
  },
};

/** The one file that reads keys for a person, and what reads them for nobody: for a key, the system, the operator. */
const KEY_READERS = [
  /^lib\/auth\/(rights|recheck-rights|credentials)$/,
  /^lib\/(after-restore|notifications)\//,
  /^lib\/api-keys\/(record-expiry|report-leaked-token|set-key-rate-limit)$/,
  // The audit log, which nobody limited reads.
  /^lib\/audit-log\/(final-acts|record-pages)$/,
  /^lib\/members\/(api-queries|offboard-keys)$/,
  // Only the word: what keys are called on the wire.
  /^lib\/resources$/,
];
/** Who may ask for all keys of an account: the list, which says `withinReach` in its own words, and the limit of keys. */
const EVERY_KEY = /^lib\/(auth\/rights|api-keys\/(list-conditions|service))$/;
const KEYS_IN_SQL = /^\s*api_keys\s*$|(\b(from|join|only|using)\s+|,\s*)(public\.|"public"\.)?"?api_keys\b/i;
const READS = /^(find|count|aggregate|groupBy)/;
const RELATIONS = /^(apiKeys?|createdKeys|revokedKeys)$/;

/**
 * To whoever is limited to some customers, a key that reaches further is none. Who reads keys from the table itself
 * forgets to say so; who reads `FROM ${keysOf(permit)}` cannot.
 * @type {import("eslint").Rule.RuleModule}
 */
export const keysWithinReach = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      table:
        "Keys are read for a person FROM ${keysOf(permit)} of lib/auth/rights, which leaves out those that reach further than he does; what reads them for nobody stands in scripts/eslint-numbers-and-keys.mjs.",
      every: "Only what is decided by all keys of an account asks for every one: read FROM ${keysOf(permit)}.",
    },
  },
  create(context) {
    const file = withoutSuffix(path.relative(context.cwd, context.filename));
    const isHeld = /^(app|components|emails|lib|server)\//.test(file) && !/\.(test|test-d|deep\.test)$/.test(file);
    if (!isHeld) return {};
    const table = (node) => context.report({ node, messageId: "table" });
    const readers = KEY_READERS.some((reader) => reader.test(file))
      ? {}
      : {
          Literal: (node) => {
            if (typeof node.value === "string" && KEYS_IN_SQL.test(node.value)) table(node);
          },
          TemplateElement: (node) => {
            if (KEYS_IN_SQL.test(node.value.raw)) table(node);
          },
          // db().apiKey.findFirst({ … })
          MemberExpression: (node) => {
            const { object } = node;
            if (READS.test(nameOf(node) ?? "") && object.type === "MemberExpression" && nameOf(object) === "apiKey")
              table(node);
          },
          // { select: { apiKeys: true } }, { include: { createdKeys: { where: … } } }
          Property: (node) => {
            const isChosen =
              node.parent.parent?.type === "Property" && /^(select|include|_count)$/.test(node.parent.parent.key.name);
            if (isChosen && RELATIONS.test(node.key.name)) table(node);
          },
        };
    return {
      ...readers,
      ImportSpecifier: (node) => {
        const isEvery = /^(everyKeyOf|withinReach)$/.test(node.imported.name);
        if (isEvery && !EVERY_KEY.test(file)) context.report({ node, messageId: "every" });
      },
    };
  },
};

/** Of `a.b` and `a["b"]`: `b`; null where it is computed. */
function nameOf({ computed, property }) {
  if (!computed) return property.name;
  return property.type === "Literal" ? String(property.value) : null;
}
