/** One line that somebody writes in a hurry; `from` stands in the file exactly once, or it is put at the file's end. */
export interface Patch {
  readonly file: string;
  /** Left out: the file does not exist, or `to` is put at its end. */
  readonly from?: string;
  readonly to: string;
}

export interface Sabotage extends Patch {
  readonly what: string;
  /** A part of what is complained of: of the compiler's message, of the rule's sentence. */
  readonly says: string;
}

/** Caught by `tsc`, in the file itself or in the one that `seenIn` names. */
export const AGAINST_TYPES: readonly (Sabotage & { readonly seenIn?: string })[] = [
  {
    what: "an event name with a typo",
    file: "lib/api-keys/report-leaked-token.ts",
    from: 'name: "apiKey.revoked",',
    to: 'name: "apiKey.revokd",',
    says: "apiKey.revokd",
  },
  {
    what: "a verb whose event does not exist",
    file: "lib/api-keys/policy.ts",
    from: 'event: "apiKey.renewed"',
    to: 'event: "apiKey.prolonged"',
    seenIn: "lib/api-keys/service.ts",
    says: "apiKey.prolonged",
  },
  {
    what: "a verb that no menu knows",
    file: "lib/api-keys/policy.ts",
    from: 'revoke: { on: ALIVE, permission: "apiKeys.manage", event: "apiKey.revoked" },',
    to: 'revoke: { on: ALIVE, permission: "apiKeys.manage", event: "apiKey.revoked" },\n  pause: { on: ALIVE, permission: "apiKeys.manage", event: "apiKey.revoked" },',
    seenIn: "components/api-keys/api-key-verbs.tsx",
    says: "pause",
  },
  {
    what: "a change that does not say what happened",
    file: "lib/api-keys/report-leaked-token.ts",
    from: "return { result: null, events: revoked.map(leakEvent) };",
    to: "return { result: null };",
    says: "events",
  },
  {
    what: "a change without a permit",
    file: "lib/api-keys/report-leaked-token.ts",
    from: "return mutate(permit, async (tx) => {",
    to: "return mutate(null, async (tx) => {",
    says: "Permit",
  },
  {
    what: "the rate limit left out",
    file: "lib/public-api/define-endpoint.ts",
    from: "checkPermission(await checkRateLimit(entitled), permission)",
    to: "checkPermission(entitled, permission)",
    says: "WithinRate",
  },
  {
    what: "the permission left out",
    file: "lib/public-api/define-endpoint.ts",
    from: "chooseVersion(checkPermission(await checkRateLimit(entitled), permission))",
    to: "chooseVersion(await checkRateLimit(entitled))",
    says: "permit",
  },
  {
    what: "the source address asked after the account",
    file: "lib/public-api/define-endpoint.ts",
    from: "checkPlanAndState(resolveAccount(located, addressing))",
    to: "checkPlanAndState(resolveAccount(authenticated, addressing))",
    says: "Located",
  },
  {
    what: "the plan and the account's state left out",
    file: "lib/public-api/define-endpoint.ts",
    from: "return checkPlanAndState(resolveAccount(located, addressing));",
    to: "return resolveAccount(located, addressing);",
    says: "Entitled",
  },
  {
    what: "a body read before authentication",
    file: "lib/public-api/define-endpoint.ts",
    from: "  onUse: UseListener,\n): Promise<Versioned<P>> {",
    to: "  onUse: UseListener,\n): Promise<Versioned<P>> {\n  await request.readBody();",
    says: "readBody",
  },
  {
    what: "an input read before the permission",
    file: "lib/public-api/define-endpoint.ts",
    from: "const versioned = await admit(request, route, onUse);",
    to: "await input.read(request, LATEST);\n    const versioned = await admit(request, route, onUse);",
    says: "OpenRequest",
  },
  {
    what: "a public endpoint that reads a body with a key's permit",
    file: "lib/public-api/define-public-endpoint.ts",
    from: "P extends AccountlessPermission, Input, Result>(\n  definition: PublicEndpointDefinition",
    to: 'P extends "vehicles.read", Input, Result>(\n  definition: PublicEndpointDefinition',
    says: "vehicles.read",
  },
  {
    what: "an endpoint without a permission",
    file: "lib/vehicles/endpoints.ts",
    from: 'path: "/vehicles/archived",\n  permission: "vehicles.read",',
    to: 'path: "/vehicles/archived",',
    says: "permission",
  },
  {
    what: "an endpoint with a lesser permission than its service needs",
    file: "lib/vehicles/endpoints.ts",
    from: 'path: "/vehicles/archived",\n  permission: "vehicles.read",',
    to: 'path: "/vehicles/archived",\n  permission: "contacts.read",',
    says: "vehicles.read",
  },
  {
    what: "an action without a permission",
    file: "lib/api-keys/actions.ts",
    from: '  permission: "apiKeys.manage",\n  input: editApiKeyInput,',
    to: "  input: editApiKeyInput,",
    says: "permission",
  },
  {
    what: "an action with a lesser permission than its service needs",
    file: "lib/api-keys/actions.ts",
    from: 'permission: "apiKeys.manage",\n  input: editApiKeyInput,',
    to: 'permission: "apiKeys.read",\n  input: editApiKeyInput,',
    says: "apiKeys.read",
  },
  {
    what: "an action with another input than its service takes",
    file: "lib/api-keys/actions.ts",
    from: "input: editApiKeyInput,\n  run: editApiKey,",
    to: "input: apiKeyRowInput,\n  run: editApiKey,",
    says: "name",
  },
  {
    what: "a download with a lesser permission than its service needs",
    file: "lib/vehicles/downloads.ts",
    from: 'permission: "vehicles.read",',
    to: 'permission: "accounts.open",',
    says: "vehicles.read",
  },
  {
    what: "an upload of any size",
    file: "lib/imports/uploads.ts",
    from: "  maxBytes: MAX_FILE_BYTES,\n",
    to: "",
    says: "maxBytes",
  },
  {
    what: "a receiver that looks at no signature",
    file: "lib/notifications/receivers.ts",
    from: "  isSigned: async (secret, body, headers) => isSignedByResend(secret, body, headers, await databaseNow()),\n",
    to: "",
    says: "isSigned",
  },
  {
    what: "a job with a permission of people",
    file: "lib/notifications/jobs.ts",
    from: 'name: "notices.compose",\n  permission: "notices.send",',
    to: 'name: "notices.compose",\n  permission: "members.manage",',
    says: "members.manage",
  },
  {
    what: "a permission that is not in the table",
    file: "lib/imports/uploads.ts",
    from: 'permission: "imports.manage",',
    to: 'permission: "imports.mange",',
    says: "imports.mange",
  },
  {
    what: "a resource without a permission row",
    file: "lib/auth/permissions.ts",
    from: '  "vehicles.delete": { roles: MANAGERS, scope: "vehicles.write" },\n',
    to: "",
    says: "vehicles.delete",
  },
  {
    what: "a right that no resource's row stands for",
    file: "lib/resources.ts",
    from: 'rights: ["read", "manage", "direct", "revealSecret"],',
    to: 'rights: ["read", "manage", "direct", "revealSecret", "sign"],',
    seenIn: "lib/auth/permissions.ts",
    says: "webhooks.sign",
  },
  {
    what: "a permission with a scope that does not exist",
    file: "lib/auth/permissions.ts",
    from: '"vehicles.read": { roles: EVERYONE, scope: "vehicles.read" },',
    to: '"vehicles.read": { roles: EVERYONE, scope: "vehicle.read" },',
    says: "vehicle.read",
  },
  {
    what: "a code of refusals that no way knows how to tell",
    file: "lib/platform/errors.ts",
    from: '  "conflict",\n',
    to: '  "conflict",\n  "teapot",\n',
    seenIn: "lib/entry/refusals.ts",
    says: "teapot",
  },
  {
    what: "a refusal without a code of the table",
    file: "lib/api-keys/report-leaked-token.ts",
    to: '\nexport const lost = () => new DomainError("gone_fishing", "Nobody is here.");',
    says: "gone_fishing",
  },
  {
    what: "a change by the database for reading",
    file: "lib/imports/queries.ts",
    from: "const found = await db().import.findUnique({",
    to: "const found = await db().import.delete({",
    says: "delete",
  },
  {
    what: "a statement of any kind by the database for reading",
    file: "lib/imports/queries.ts",
    to: "\nexport const emptyAll = () => db().$executeRaw`DELETE FROM imports`;",
    says: "$executeRaw",
  },
  {
    what: "a permit made by hand",
    file: "lib/vehicles/queries.ts",
    to: '\nexport const forged = ({ actor, account, origin }: Reader): Permit<"vehicles.write"> => ({ permission: "vehicles.write", actor, account, origin });',
    says: "permitted",
  },
  {
    what: "an advisory lock by a number of one's own",
    file: "lib/platform/database/migration-table.ts",
    from: "take(client, ADVISORY_LOCKS.migrations,",
    to: "take(client, 4711,",
    says: "4711",
  },
];
