import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

import type { ActionResult } from "@/lib/entry/action";
import type { Receiver } from "@/lib/entry/receive";
import type { Job } from "@/lib/jobs/define-job";
import { env } from "@/lib/platform/env";
import { closedRequest, type ApiRequest } from "@/lib/public-api/api-request";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  makeSession,
  type AccountWithPeople,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { entryOf, type Entry, type EntryKind } from "./entries";
import { ROLES, ruleOf, type Permission } from "./permissions";
import type { RequestIdentity } from "./session";
import { sessionCookieName } from "./session-cookie";

const ROOT = path.resolve(import.meta.dirname, "../..");
const ENTRY_FILES = new Set([
  "actions.ts",
  "endpoints.ts",
  "jobs.ts",
  "downloads.ts",
  "uploads.ts",
  "receivers.ts",
  "route.ts",
]);
/** Ways in that are not ours: they come with a reason, or not at all. */
const EXEMPT: Readonly<Record<string, string>> = {
  "app/api/auth/[...nextauth]/route.ts": "next-auth's own handler",
};

function entryFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && ENTRY_FILES.has(file.name))
    .map((file) => path.relative(ROOT, path.join(file.parentPath, file.name)))
    .filter((file) => !(file in EXEMPT))
    .sort();
}

/** Of many that one function made alike these are put to the test; what made them is the same. */
const ALIKE = 3;

interface Way {
  /** Where it stands and what it is called. */
  readonly label: string;
  readonly value: unknown;
  readonly entry: Entry | undefined;
  /** One of them is tested in its place. */
  readonly isAlike: boolean;
}

async function readWays(): Promise<Way[]> {
  const ways: Way[] = [];
  for (const file of [...entryFiles("app"), ...entryFiles("lib"), ...entryFiles("server")]) {
    const exports = (await import(path.join(ROOT, file))) as Record<string, unknown>;
    for (const [name, exported] of Object.entries(exports))
      // Many that are alike are one export, and each of them a way in.
      for (const [index, value] of [exported].flat(1).entries())
        ways.push({ label: `${file} ${name}${wayOf(value)}`, value, entry: entryOf(value), isAlike: index >= ALIKE });
  }
  return ways;
}

function wayOf(value: unknown): string {
  return typeof value === "object" && value !== null && "path" in value ? ` ${String(value.path)}` : "";
}

const ways = await readWays();
const ofKind = (kind: EntryKind, isOpen?: boolean) =>
  ways.flatMap(({ label, value, entry, isAlike }) =>
    !isAlike && entry?.kind === kind && (isOpen === undefined || isOpen === isAccountless(entry.permission))
      ? [{ label, value, permission: entry.permission }]
      : [],
  );

function isAccountless(permission: Permission): boolean {
  const rule = ruleOf(permission);
  return Boolean(rule.anyone ?? rule.self ?? rule.system);
}

/** The kinds that have a section below. */
const TESTED: readonly EntryKind[] = ["action", "endpoint", "job", "download", "upload", "receiver"];

let partner: PartnerWithPeople;
let other: AccountWithPeople;
let customer: AccountWithPeople;

beforeAll(async () => {
  [partner, other, customer] = [
    await makePartnerWithPeople(),
    await makeAccountWithPeople({ kind: "partner" }),
    await makeAccountWithPeople(),
  ];
});

type Person = (typeof ROLES)[number];
const personOf = (people: AccountWithPeople, role: Person) => people[role];
const identity = (sessionToken: string | null, requestedFrom: string | null = env().APP_URL): RequestIdentity => ({
  sessionToken,
  requestedFrom,
  ip: "203.0.113.7",
  requestId: randomUUID(),
});

/** No schema takes it: who is let in hears of the input, who is not hears nothing of it. */
const NONSENSE = { thereIsNoSuchField: true };
const codeOf = (result: ActionResult<unknown>) => (result.ok ? "done" : result.error.code);

describe("every way in", () => {
  it("is found", () => {
    expect(ways.map(({ label }) => label)).toContain("lib/api-keys/actions.ts createApiKeyAction");
    expect(
      Object.keys(EXEMPT).filter(
        (file) => !readdirSync(path.join(ROOT, path.dirname(file))).includes(path.basename(file)),
      ),
    ).toEqual([]);
  });

  it.each(ways)("$label came through its define…", ({ value, entry }) => {
    expect(entry, "an export that no define… marked: nobody asks there who may").toBeDefined();
    expect(entry && ruleOf(entry.permission)).toBeDefined();
    expect(["function", "object"]).toContain(typeof value);
  });

  it("is in the table of the process that serves it", async () => {
    const [{ ENDPOINTS }, { JOBS, STEPS }] = await Promise.all([import("@/server/api"), import("@/server/worker")]);
    const served = new Set<unknown>([...ENDPOINTS, ...JOBS, ...STEPS]);
    const tabled = ways.filter(({ entry }) => entry?.kind === "endpoint" || entry?.kind === "job");
    expect(tabled.length).toBeGreaterThan(80);
    expect(tabled.filter(({ value }) => !served.has(value)).map(({ label }) => label)).toEqual([]);
  });

  it("is of a kind that is put to the test below", () => {
    expect(
      [...new Set(ways.map(({ entry }) => entry?.kind))].filter((kind) => !kind || !TESTED.includes(kind)),
    ).toEqual([]);
  });
});

type AccountAction = {
  invoke: (identity: RequestIdentity, accountToken: string, input: unknown) => Promise<ActionResult<unknown>>;
};

describe.each(ofKind("action", false))("action $label", ({ value, permission }) => {
  const invoke = async (session: string | null, input: unknown = NONSENSE, from?: string | null) =>
    codeOf(
      await (value as AccountAction).invoke(
        identity(session, from === undefined ? env().APP_URL : from),
        partner.account.token,
        input,
      ),
    );
  const rule = ruleOf(permission);

  it.each(ROLES)("as %s", async (role) => {
    const isAllowed = rule.roles.includes(role);
    expect(await invoke(await makeSession(personOf(partner, role)))).toBe(isAllowed ? "invalid_input" : "forbidden");
  });

  it("as nobody, with a made-up session, and with an API key's token in a session's place", async () => {
    const { token } = await makeApiKey({ account: partner.account, createdBy: partner.owner });
    for (const session of [null, "", "made-up", token]) expect(await invoke(session)).toBe("not_signed_in");
  });

  it("as an owner whose session has ended, by idling or for good", async () => {
    expect(await invoke(await makeSession(partner.owner, { lastSeenMinutesAgo: 31 }))).toBe("not_signed_in");
    expect(await invoke(await makeSession(partner.owner, { signedInMinutesAgo: 12 * 60 + 1 }))).toBe("not_signed_in");
  });

  it.each(ROLES)("as the other partner's %s: like an account that does not exist", async (role) => {
    const session = await makeSession(personOf(other, role));
    const foreign = await (value as AccountAction).invoke(identity(session), partner.account.token, NONSENSE);
    const unknown = await (value as AccountAction).invoke(identity(session), "ffffffffff", NONSENSE);
    expect(codeOf(foreign)).toBe("not_found");
    expect(foreign).toEqual(unknown);
  });

  it.each([
    null,
    "null",
    "https://evil.example",
    "http://localhost:3001",
    "https://localhost:3000",
    "http://localhost:3000.evil.example",
    "http://localhost:3000/",
  ])("with the Origin %s", async (origin) => {
    expect(await invoke(await makeSession(partner.owner), NONSENSE, origin)).toBe("untrusted_origin");
  });

  it("signed in 16 minutes ago", async () => {
    const role = rule.roles[0];
    if (role === undefined) throw new Error(`${permission} has no role`);
    const stale = await makeSession(personOf(partner, role), { signedInMinutesAgo: 16 });
    expect(await invoke(stale)).toBe(rule.freshSignIn ? "fresh_sign_in_required" : "invalid_input");
  });

  it("with any kind of nonsense for an input", async () => {
    const role = rule.roles[0] ?? "owner";
    const session = await makeSession(personOf(partner, role));
    for (const nonsense of [undefined, null, 7, "text", [], [NONSENSE]])
      expect(await invoke(session, nonsense)).toBe("invalid_input");
  });
});

type DownloadRoute = { invoke: (identity: RequestIdentity, accountToken: string, input: unknown) => Promise<Response> };

describe.each(ofKind("download"))("download $label", ({ value, permission }) => {
  const statusOf = async (session: string | null, accountToken = partner.account.token) =>
    (await (value as DownloadRoute).invoke(identity(session), accountToken, NONSENSE)).status;
  const rule = ruleOf(permission);

  it.each(ROLES)("as %s: let in to hear of the input, or told that there is no such page", async (role) => {
    expect(await statusOf(await makeSession(personOf(partner, role)))).toBe(rule.roles.includes(role) ? 422 : 404);
  });

  it("as nobody, and with an API key's token in a session's place", async () => {
    const { token } = await makeApiKey({ account: partner.account, createdBy: partner.owner });
    for (const session of [null, "made-up", token]) expect(await statusOf(session)).toBe(401);
  });

  it.each(ROLES)("as the other partner's %s: like an account that does not exist", async (role) => {
    const session = await makeSession(personOf(other, role));
    expect([await statusOf(session), await statusOf(session, "ffffffffff")]).toEqual([404, 404]);
  });
});

type UploadRoute = {
  invoke: (
    identity: RequestIdentity,
    accountToken: string,
    input: unknown,
    readFile: () => Promise<Uint8Array>,
  ) => Promise<{
    status: number;
    result: ActionResult<unknown>;
  }>;
};

describe.each(ofKind("upload"))("upload $label", ({ value, permission }) => {
  const sent = async (session: string | null, token = partner.account.token, from: string | null = env().APP_URL) => {
    let isRead = false;
    const readFile = () => {
      isRead = true;
      return Promise.resolve(Buffer.from("Name\nVan 1\n"));
    };
    const { status, result } = await (value as UploadRoute).invoke(identity(session, from), token, NONSENSE, readFile);
    expect(isRead, "no file is read before its address was understood").toBe(false);
    return [status, codeOf(result)];
  };

  it.each(ROLES)("as %s: let in to hear of the input, or refused like somebody who has no such page", async (role) => {
    const isAllowed = ruleOf(permission).roles.includes(role);
    expect(await sent(await makeSession(personOf(partner, role)))).toEqual(
      isAllowed ? [422, "invalid_input"] : [404, "forbidden"],
    );
  });

  it("as nobody, from elsewhere, and as another partner's owner", async () => {
    const { token } = await makeApiKey({ account: partner.account, createdBy: partner.owner });
    for (const session of [null, "made-up", token]) expect(await sent(session)).toEqual([401, "not_signed_in"]);
    const owner = await makeSession(partner.owner);
    for (const from of [null, "https://evil.example"])
      expect(await sent(owner, partner.account.token, from)).toEqual([403, "untrusted_origin"]);
    const foreign = await makeSession(other.owner);
    expect([await sent(foreign), await sent(foreign, "ffffffffff")]).toEqual([
      [404, "not_found"],
      [404, "not_found"],
    ]);
  });
});

type PublicAction = { invoke: (identity: RequestIdentity, input: unknown) => Promise<ActionResult<unknown>> };

describe.each(ofKind("action", true))("public action $label", ({ value, permission }) => {
  it("asks where the request came from, then for the input", async () => {
    const action = value as PublicAction;
    const admitted = ruleOf(permission).anyone ? "invalid_input" : "not_signed_in";
    expect(codeOf(await action.invoke(identity(null), NONSENSE))).toBe(admitted);
    for (const origin of [null, "https://evil.example"]) {
      expect(codeOf(await action.invoke(identity(await makeSession(partner.owner), origin), NONSENSE))).toBe(
        "untrusted_origin",
      );
    }
  });
});

describe.each(ofKind("job"))("job $label", ({ value, permission }) => {
  it("is the system's alone, and takes no payload that does not fit", async () => {
    expect(ruleOf(permission)).toMatchObject({ system: true, roles: [], scope: null });
    await expect((value as Job).perform(7)).rejects.toThrow();
  });
});

describe.each(ofKind("receiver"))("receiver $label", ({ value, permission }) => {
  const { answer } = value as Receiver;

  it("is open to anybody, and takes nothing that its service did not sign", async () => {
    expect(ruleOf(permission)).toMatchObject({ anyone: true, roles: [], scope: null });
    const server = createServer((req, res) => void answer(req, res, { ip: null, requestId: null }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const headers = { cookie: `${sessionCookieName(env().APP_URL)}=${await makeSession(partner.owner)}` };
      const statuses = [];
      for (const method of ["GET", "POST", "PUT"]) statuses.push((await fetch(address, { method, headers })).status);
      expect([statuses[0], statuses[2]]).toEqual([405, 405]);
      expect([401, 403, 404]).toContain(statuses[1]);
    } finally {
      server.close();
    }
  });
});

/** A request in a version that does not exist: who gets as far as to hear of that was let in, and nothing was done. */
function probe(token: string | null, accountToken: string): ApiRequest {
  const headers: Record<string, string> = {
    "account-token": accountToken,
    "x-api-version": "1999-01-01",
    ...(token && { authorization: `Token ${token}` }),
  };
  const fields = {
    method: "GET",
    params: { id: "1" },
    query: new URLSearchParams(),
    ip: "203.0.113.7",
    requestId: randomUUID(),
    origin: { ip: "203.0.113.7", requestId: null },
    facts: {},
    answerHeaders: {},
    whenGone: () => undefined,
    header: (name: string) => headers[name.toLowerCase()],
  };
  return closedRequest(fields, () => Promise.resolve(Buffer.alloc(0)));
}

async function answerOf(endpoint: Endpoint, token: string | null, accountToken: string): Promise<string> {
  try {
    return String((await endpoint.handle(probe(token, accountToken), () => undefined)).status);
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

describe.each(ofKind("endpoint", false))("endpoint $label", ({ value, permission }) => {
  const endpoint = value as Endpoint;
  const { scope, roles } = ruleOf(permission);
  const scopes = scope === null || scope === "any" ? ["vehicles.read"] : [scope];
  const otherScope = scope === "contacts.read" ? "vehicles.read" : "contacts.read";

  it("as nobody, and with a session's cookie in a key's place", async () => {
    expect(await answerOf(endpoint, null, customer.account.token)).toBe("key_missing");
    expect(await answerOf(endpoint, await makeSession(customer.owner), customer.account.token)).toBe("key_unknown");
  });

  it("with a partner's key, with and without its scope", async () => {
    const reached = partner.customers[0].token;
    const { token } = await makeApiKey({ account: partner.account, scopes });
    expect(await answerOf(endpoint, token, reached)).toBe(scope === null ? "insufficient_scope" : "unknown_version");
    const { token: lesser } = await makeApiKey({ account: partner.account, scopes: [otherScope] });
    expect(await answerOf(endpoint, lesser, reached)).toBe(scope === "any" ? "unknown_version" : "insufficient_scope");
  });

  it.each(ROLES)("with a customer's key that acts for its %s", async (role) => {
    const { token } = await makeApiKey({ account: customer.account, createdBy: personOf(customer, role), scopes });
    const isAllowed = scope !== null && roles.includes(role);
    expect(await answerOf(endpoint, token, customer.account.token)).toBe(
      isAllowed ? "unknown_version" : "insufficient_scope",
    );
  });
});
