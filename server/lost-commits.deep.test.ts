import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startApiProcesses, type ApiProcess } from "@/bench/api-processes";
import { CommitProxy, type CommitFate } from "@/e2e/commit-proxy";
import { createApiKeyAction, revokeApiKeyAction, revokeSelectedApiKeysAction } from "@/lib/api-keys/actions";
import { SCOPES } from "@/lib/auth/scopes";
import { downloadContacts } from "@/lib/contacts/downloads";
import { createContactAction } from "@/lib/contacts/actions";
import { env } from "@/lib/platform/env";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
import { openForWebhook } from "@/lib/webhooks/secrets";
import {
  makeAccountWithPeople,
  makeApiKey,
  makeSession,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { expectWholeLogs } from "@/testing/whole-logs";
import { ENDPOINTS } from "./api";

const proxy = new CommitProxy();
let databaseUrl: string;
let api: TestApi;
let people: AccountWithPeople;
let token: string;
let sessionToken: string;

beforeAll(async () => {
  const url = new URL(String(process.env.DATABASE_URL));
  url.port = String(await proxy.lead(Number(url.port)));
  databaseUrl = url.href;
  process.env.DATABASE_URL = databaseUrl;
  api = await serveForTests(ENDPOINTS);
});
afterAll(async () => {
  await api.close();
  await endPools();
  await proxy.shut();
});
beforeEach(async () => {
  people = await makeAccountWithPeople({ plan: "premium" });
  ({ token } = await makeApiKey({ account: people.account, createdBy: people.owner, scopes: SCOPES }));
  sessionToken = await makeSession(people.owner);
});
/** However it went: a record and its entry in the audit log stand or fall together. */
afterEach(async () => {
  inPeace();
  await expectWholeLogs();
});

function inPeace(): void {
  proxy.takesNew = true;
  proxy.fate = () => "pass";
  proxy.onSwallowed = () => undefined;
}

/** What the next transaction comes to; those after it pass. */
function next(fate: CommitFate): void {
  inPeace();
  proxy.fate = () => {
    proxy.fate = () => "pass";
    return fate;
  };
}

/** The next COMMIT is done, its answer is lost, and then nobody takes a new connection: there is nobody to ask. */
function nextUnanswerable(): void {
  next("swallow");
  const { fate } = proxy;
  proxy.fate = () => {
    proxy.takesNew = false;
    return fate();
  };
}

function identity() {
  return { sessionToken, requestedFrom: env().APP_URL, ip: "203.0.113.7", requestId: randomUUID() };
}

function createKey(submissionId: string = randomUUID()) {
  return createApiKeyAction.invoke(identity(), people.account.token, {
    submissionId,
    name: "Telematics",
    apiVersion: "2025-05-05",
    expiry: { kind: "months", months: 12 },
    scopes: ["vehicles.read"],
    customers: null,
    allowedIps: [],
  });
}

const keys = () => bookkeepingDb().apiKey.findMany({ where: { accountId: people.account.id, name: "Telematics" } });
const revokedIds = async () => (await keys()).flatMap(({ id, revokedAt }) => (revokedAt ? [id] : []));

function post(path: string, body: object, key: string | null = null) {
  const headers: Record<string, string> = key === null ? {} : { "idempotency-key": key };
  return api.call(`/api/v1${path}`, jsonCall({ token, account: people.account, method: "POST", body, headers }));
}

const contacts = () => bookkeepingDb().contact.findMany({ where: { accountId: people.account.id } });

describe("the answer to COMMIT is lost, and the database can be asked", () => {
  it("10 keys made and 5 revoked in the console are answered as ever", async () => {
    for (let number = 0; number < 10; number++) {
      next("swallow");
      expect(await createKey()).toMatchObject({ ok: true, value: { token: expect.stringMatching(/^fah_/) as string } });
    }
    const made = await keys();
    expect(made).toHaveLength(10);
    for (const { id, revision } of made.slice(0, 5)) {
      next("swallow");
      const revoked = await revokeApiKeyAction.invoke(identity(), people.account.token, { id, revision });
      expect(revoked).toMatchObject({ ok: true });
    }
    expect(await revokedIds()).toHaveLength(5);
  });

  it("10 records made and 5 keys revoked over the API are, and again the same under the same Idempotency-Key", async () => {
    for (let number = 0; number < 10; number++) {
      const [key, body] = [randomUUID(), { first_name: `Person ${number}` }];
      next("swallow");
      const first = await post("/contacts", body, key);
      expect(first.status).toBe(201);
      expect(await post("/contacts", body, key)).toMatchObject({ status: 201, text: first.text });
    }
    expect(await contacts()).toHaveLength(10);
    for (let number = 0; number < 5; number++) {
      const leaked = await makeApiKey({ account: people.account, name: "Telematics" });
      next("swallow");
      expect((await post("/api_keys/revoke_leaked", { token: leaked.token })).status).toBe(204);
      expect(await revokedIds()).toHaveLength(number + 1);
    }
  });

  it("a file is sent", async () => {
    next("swallow");
    const file = await downloadContacts.invoke(identity(), people.account.token, {});
    expect([file.status, await file.text()]).toEqual([200, expect.stringMatching(/^id,first_name/)]);
  });

  it("a COMMIT that never came is known to have changed nothing", async () => {
    const [submissionId, key] = [randomUUID(), randomUUID()];
    next("lose");
    const refused = { code: "unavailable", message: expect.stringContaining("Nothing was changed") as string };
    expect(await createKey(submissionId)).toMatchObject({ ok: false, error: refused });
    expect(await keys()).toEqual([]);
    expect(await createKey(submissionId)).toMatchObject({ ok: true });
    next("lose");
    const { status, json } = await post("/contacts", { first_name: "Dana" }, key);
    expect([status, json.code]).toEqual([503, "unavailable"]);
    expect(await contacts()).toEqual([]);
    expect((await post("/contacts", { first_name: "Dana" }, key)).status).toBe(201);
    expect(await contacts()).toHaveLength(1);
  });

  it("a COMMIT that hangs is in flight: the same Idempotency-Key is a 409 until its transaction is gone", async () => {
    const [key, body] = [randomUUID(), { first_name: "Dana" }];
    const held = new Promise<void>((resolve) => {
      proxy.fate = () => {
        proxy.fate = () => "pass";
        resolve();
        return "hold";
      };
    });
    const first = post("/contacts", body, key);
    await held;
    expect((await post("/contacts", body, key)).status).toBe(409);
    proxy.cutAll();
    expect((await first).json.code).toBe("unavailable");
    await expect.poll(async () => (await post("/contacts", body, key)).status).toBe(201);
    expect(await contacts()).toHaveLength(1);
  });
});

describe("the answer to COMMIT is lost, and nobody can be asked", () => {
  const unknown = (message: string) => ({
    ok: false,
    error: { code: "outcome_unknown", message: expect.stringContaining(message) as string },
  });

  it("a key is said to be there perhaps, and Save says whether it is", async () => {
    const submissionId = randomUUID();
    nextUnanswerable();
    expect(await createKey(submissionId)).toMatchObject(unknown("Press Save again"));
    inPeace();
    expect(await createKey(submissionId)).toMatchObject({ ok: false, error: { code: "already_done" } });
    expect(await keys()).toHaveLength(1);
  });

  it("a form is said to be saved perhaps, and Save again saves it once", async () => {
    const own = { ...identity(), submissionId: randomUUID() };
    nextUnanswerable();
    const input = { first_name: "Dana" };
    expect(await createContactAction.invoke(own, people.account.token, input)).toMatchObject(
      unknown("Press Save again"),
    );
    inPeace();
    const again = await createContactAction.invoke(own, people.account.token, input);
    expect(again).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(await contacts()).toHaveLength(1);
  });

  it("a revocation among others is: which were done is not known", async () => {
    for (let number = 0; number < 2; number++) await createKey();
    const ids = (await keys()).map(({ id }) => id);
    proxy.fate = () => {
      nextUnanswerable();
      return "pass";
    };
    const answer = await revokeSelectedApiKeysAction.invoke(identity(), people.account.token, { ids });
    expect(answer).toMatchObject(unknown("which of the keys"));
    inPeace();
    expect(await revokedIds()).toHaveLength(2);
  });

  it("a file is not sent, and nothing is claimed of the audit log", async () => {
    nextUnanswerable();
    const file = await downloadContacts.invoke(identity(), people.account.token, {});
    expect([file.status, file.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await file.text()).toContain("it is not known whether the audit log says that you did");
  });

  it("the API says outcome_unknown, and the same Idempotency-Key brings the first answer, its secret too", async () => {
    const [key, body] = [randomUUID(), { url: "https://example.com/hook", all_events: true }];
    nextUnanswerable();
    const lost = await post("/webhooks", body, key);
    expect([lost.status, lost.json.code, lost.headers["retry-after"]]).toEqual([503, "outcome_unknown", "5"]);
    inPeace();
    const again = await post("/webhooks", body, key);
    const { id, secret } = await bookkeepingDb().webhook.findFirstOrThrow({ where: { accountId: people.account.id } });
    expect(again).toMatchObject({ status: 201, headers: { location: `/api/v1/webhooks/${id}` } });
    expect(again.json).toMatchObject({ id, shared_key: openForWebhook(id, "secret", secret ?? new Uint8Array()) });
    expect(await bookkeepingDb().webhook.count({ where: { accountId: people.account.id } })).toBe(1);
    expect((await post("/webhooks", body, key)).text).toBe(again.text);
  });
});

describe("a black hole after COMMIT: the connection stays, and says no word any more", () => {
  it("what became of it is asked for on another connection, and the record is answered as ever", async () => {
    const [key, body] = [randomUUID(), { first_name: "Dana" }];
    next("stifle");
    const first = await post("/contacts", body, key);
    const [made, ...others] = await contacts();
    expect([first.status, first.json.id, others]).toEqual([201, made?.id, []]);
    expect((await post("/contacts", body, key)).text).toBe(first.text);
    expect(await contacts()).toHaveLength(1);
  });

  it("where nobody can be asked it is outcome_unknown, and the same Idempotency-Key brings the first answer", async () => {
    const [key, body] = [randomUUID(), { first_name: "Dana" }];
    next("stifle");
    const { fate } = proxy;
    proxy.fate = () => {
      proxy.takesNew = false;
      return fate();
    };
    const lost = await post("/contacts", body, key);
    expect([lost.status, lost.json.code, lost.headers["retry-after"]]).toEqual([503, "outcome_unknown", "5"]);
    inPeace();
    const again = await post("/contacts", body, key);
    const [made, ...others] = await contacts();
    expect([again.status, again.json.id, others]).toEqual([201, made?.id, []]);
    expect((await post("/contacts", body, key)).text).toBe(again.text);
  });
});

describe("a process is killed", () => {
  let doomed: ApiProcess[];

  beforeAll(async () => {
    doomed = await startApiProcesses(2, { DATABASE_URL: databaseUrl, RATE_LIMIT_STORE: "postgres" });
  });

  /** Sends to a process of its own, which dies at the instant of its COMMIT. */
  async function postAndDie(fate: "swallow" | "lose", body: object, key: string): Promise<void> {
    const [{ address, pid }] = doomed.splice(0, 1) as [ApiProcess];
    const kill = () => process.kill(pid, "SIGKILL");
    if (fate === "swallow") proxy.onSwallowed = kill;
    proxy.fate = () => {
      proxy.fate = () => "pass";
      if (fate === "lose") kill();
      return fate === "swallow" ? "stifle" : "lose";
    };
    const headers = {
      Authorization: `Token ${token}`,
      "Account-Token": people.account.token,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    };
    const sent = fetch(`${address}/api/v1/contacts`, { method: "POST", headers, body: JSON.stringify(body) });
    await expect(sent).rejects.toThrow();
  }

  it("after COMMIT: the same Idempotency-Key gives the answer that nobody got, and one record", async () => {
    const [key, body] = [randomUUID(), { first_name: "Dana" }];
    await postAndDie("swallow", body, key);
    const again = await post("/contacts", body, key);
    const [made, ...others] = await contacts();
    expect([again.status, again.json.id, others]).toEqual([201, made?.id, []]);
    expect((await post("/contacts", body, key)).text).toBe(again.text);
  });

  it("before COMMIT: the same Idempotency-Key makes the one record", async () => {
    const [key, body] = [randomUUID(), { first_name: "Dana" }];
    await postAndDie("lose", body, key);
    await expect.poll(async () => (await post("/contacts", body, key)).status).toBe(201);
    expect(await contacts()).toHaveLength(1);
  });
});
