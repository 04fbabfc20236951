import js from "@eslint/js";
import next from "@next/eslint-plugin-next";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";
import { importDirection, serverActions } from "./scripts/eslint-house.mjs";
import { boundedNumbers, keysWithinReach } from "./scripts/eslint-numbers-and-keys.mjs";

const TESTS = ["**/*.test.{ts,tsx}", "**/*.test-d.ts", "e2e/**"];
const ENTRY_POINTS = ["scripts/**", "testing/**", "e2e/**", "bench/**", "*.config.ts"];

const house = {
  rules: {
    "bounded-numbers": boundedNumbers,
    "import-direction": importDirection,
    "keys-within-reach": keysWithinReach,
    "server-actions": serverActions,
  },
};

// no-restricted-syntax is one rule: whoever says it for fewer files must say all of it again.
const BARREL = {
  selector: "ExportAllDeclaration, ExportNamedDeclaration[source]",
  message: "No barrels: import a thing from the file it stands in.",
};
const DEFAULT_EXPORT = {
  selector: "ExportDefaultDeclaration",
  message: "Named exports only, except where Next wants a default.",
};
const PERMIT = {
  selector: ":matches(TSAsExpression, TSTypeAssertion) TSTypeReference[typeName.name='Permit']",
  message: "Only authorize() in lib/auth/permit.ts makes a Permit: ask it, or take the permit as your first parameter.",
};
const STAGE = {
  selector:
    ":matches(TSAsExpression, TSTypeAssertion) TSTypeReference[typeName.name=/^(Authenticated|Located|Addressed|Entitled|WithinRate|Permitted|Versioned|OpenRequest)$/]",
  message: "Only a stage in lib/public-api/stages says that a request came through it: call the stage.",
};
const ENTRY = [
  "ExportNamedDeclaration > FunctionDeclaration",
  "ExportNamedDeclaration > VariableDeclaration > VariableDeclarator:not([init.type='CallExpression'][init.callee.name=/^define[A-Z]/])",
].map((selector) => ({
  selector,
  message:
    "What a file of ways in exports comes from a define…: there the permission is asked. The work is a service's.",
}));
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Read env() of lib/platform/env: it knows every variable, its default and its form.",
};
const CLOCK = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "The database's clock decides: mutate() hands you `now`, a policy takes it as a parameter.",
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "The database's clock decides: mutate() hands you `now`, a policy takes it as a parameter.",
  },
];
const WAY_OUT =
  "Requests to an address that a user gave go through lib/platform/outside/outside-client alone: it checks where they lead.";
const HOUSE = [BARREL, DEFAULT_EXPORT, PERMIT, STAGE, ENVIRONMENT];
const without = (...left) => ["error", ...HOUSE.filter((rule) => !left.includes(rule))];

const functionLength = (max) => ["error", { max, skipBlankLines: true, skipComments: true }];

export default ts.config(
  {
    ignores: [
      "**/node_modules/",
      ".next/",
      ".build/",
      ".data/",
      "generated/",
      "next-env.d.ts",
      "test-results/",
      "playwright-report/",
    ],
  },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx,mts}"],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Copying without a secure context has no other way.
      "@typescript-eslint/no-deprecated": ["error", { allow: [{ from: "lib", name: "execCommand" }] }],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-expect-error": true, "ts-ignore": true, "ts-nocheck": true },
      ],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-invalid-void-type": "off",
    },
  },
  {
    files: ["**/*.{ts,tsx,mts,mjs}"],
    plugins: { house },
    rules: {
      "house/bounded-numbers": "error",
      "house/import-direction": "error",
      "house/keys-within-reach": "error",
      "no-restricted-syntax": without(),
      "max-lines-per-function": functionLength(50),
      "max-params": ["error", 4],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-control-regex": "off",
    },
  },
  {
    // Of whatever language: Next compiles them all.
    files: ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}"],
    plugins: { house },
    rules: { "house/server-actions": "error" },
  },
  {
    files: ["app/**", "components/**"],
    plugins: { "@next/next": next, "react-hooks": hooks },
    rules: {
      ...next.configs.recommended.rules,
      ...next.configs["core-web-vitals"].rules,
      ...hooks.configs.recommended.rules,
      "max-lines-per-function": functionLength(80),
    },
  },
  {
    files: [
      "app/**/{page,layout,error,global-error,not-found,loading,template,default}.tsx",
      "app/**/{sitemap,robots,manifest}.ts",
    ],
    rules: { "no-restricted-syntax": without(DEFAULT_EXPORT) },
  },
  {
    files: ["lib/**/{actions,endpoints,downloads,uploads,receivers,jobs}.ts"],
    rules: { "no-restricted-syntax": [...without(), ...ENTRY] },
  },
  { files: ["lib/*/{policy,service}.ts"], rules: { "no-restricted-syntax": [...without(), ...CLOCK] } },
  { files: ["lib/public-api/stages/*.ts"], rules: { "no-restricted-syntax": without(STAGE) } },
  { files: ["lib/auth/permit.ts"], rules: { "no-restricted-syntax": without(PERMIT) } },
  {
    // The embedded server is handed the environment, and next-auth reads its address there.
    files: ["lib/platform/env.ts", "lib/platform/database/embedded-postgres.ts", "lib/sign-in/call-next-auth.ts"],
    rules: { "no-restricted-syntax": without(ENVIRONMENT) },
  },
  {
    files: ["lib/**", "server/**", "app/**"],
    ignores: [...TESTS, "lib/platform/outside/{outside-client,checked-connections}.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["fetch", "WebSocket", "EventSource"].map((name) => ({ name, message: WAY_OUT })),
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            ...["undici", "node:https", "node:http2", "node:tls", "node:dgram"].map((name) => ({
              name,
              message: WAY_OUT,
            })),
            { name: "node:http", importNames: ["request", "get", "Agent", "default"], message: WAY_OUT },
            {
              name: "node:net",
              importNames: ["connect", "createConnection", "Socket", "default"],
              message: WAY_OUT,
            },
          ],
        },
      ],
    },
  },
  {
    files: ["components/**"],
    ignores: ["components/ui/link.tsx"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          name: "next/link",
          message: "Take Link from @/components/ui/link: it looks ahead only where somebody points.",
        },
      ],
    },
  },
  { files: ENTRY_POINTS, rules: { "no-restricted-syntax": without(ENVIRONMENT, DEFAULT_EXPORT) } },
  { files: ["*.config.mjs"], rules: { "no-restricted-syntax": without(ENVIRONMENT, DEFAULT_EXPORT) } },
  {
    files: TESTS,
    rules: {
      "no-restricted-syntax": without(ENVIRONMENT),
      "max-lines-per-function": "off",
      // A row of a table of cases has as many as the case needs.
      "max-params": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-misused-spread": "off",
    },
  },
  {
    files: ["**/*.test-d.ts"],
    rules: { "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": "allow-with-description" }] },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        performance: "readonly",
        setTimeout: "readonly",
        URL: "readonly",
      },
    },
  },
);
