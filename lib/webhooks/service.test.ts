import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";

import { authorize } from "@/lib/auth/permit";
import { authContextIn } from "@/lib/auth/session";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import {
  makeAccountWithPeople,
  makeSession,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { refusal } from "@/testing/refusal";
import { MAX_WEBHOOKS } from "./policy";
import { createWebhookInput, editWebhookInput } from "./schema";
import { openForWebhook } from "./secrets";
import {
  createWebhook,
  deleteWebhook,
  disableWebhook,
  editWebhook,
  enableWebhook,
  revealWebhookSecret,
  rotateWebhookSecret,
  sendTestEvent,
} from "./service";

let customer: AccountWithPeople;
beforeEach(async () => {
  customer = await makeAccountWithPeople();
});

const manager = (people = customer) => permitFor("webhooks.manage", { user: people.owner, account: people.account });
const director = () => permitFor("webhooks.direct", { user: customer.owner, account: customer.account });
const keeper = (people = customer) =>
  permitFor("webhooks.revealSecret", { user: people.administrator, account: people.account });
const stored = (id: number) => db().webhook.findUniqueOrThrow({ where: { id } });
const entries = async (accountId = customer.account.id) =>
  (await db().auditEntry.findMany({ where: { accountId }, orderBy: { sequence: "asc" } })).map(
    ({ action, before, after, recordId }) => ({ action, before, after, recordId }),
  );
const actions = async () => (await entries()).map(({ action }) => action);
const codeOf = async (work: Promise<unknown>) => (await refusal(work)).code;
const deliveries = (webhookId: number) => db().webhookEvent.findMany({ where: { webhookId } });

type Form = z.input<typeof createWebhookInput>;
const form = (changes: Partial<Form> = {}) =>
  createWebhookInput.parse({
    submissionId: randomUUID(),
    url: "https://receiver.example.com/hook",
    description: "Key cabinet",
    allEvents: false,
    events: ["vehicle_assignment_created", "vehicle_assignment_deleted"],
    apiVersion: "2025-05-05",
    authorization: null,
    ...changes,
  });

describe("createWebhook", () => {
  it("makes an enabled webhook with a secret of its own, sealed, and says so in the log without it", async () => {
    const made = await createWebhook(await director(), form({ authorization: "Bearer canary-header" }));
    const webhook = await stored(made.id);
    expect(made.secret).toMatch(/^whsec_/);
    expect(openForWebhook(made.id, "secret", webhook.secret ?? new Uint8Array())).toBe(made.secret);
    expect(webhook).toMatchObject({
      enabled: true,
      createdById: customer.owner.id,
      events: made.events,
    });
    expect(await entries()).toMatchObject([
      {
        action: "webhook.created",
        recordId: made.id,
        after: { url: "https://receiver.example.com/hook", authorization: "set", apiVersion: "2025-05-05" },
      },
    ]);
  });

  it("leaves secret and header in no column of any table", async () => {
    const { secret, id } = await createWebhook(await director(), form({ authorization: "Bearer canary-header" }));
    const { secret: next } = await rotateWebhookSecret(await keeper(), { id, revision: 1 });
    await revealWebhookSecret(await keeper(), { id });
    const tables = await readSql<{ name: string }>(Prisma.sql`
      SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')`);
    for (const { name } of tables) {
      for (const canary of [secret.slice(6), next.slice(6), "canary-header"]) {
        const found = await readSql(
          Prisma.sql`SELECT 1 FROM ${Prisma.raw(name)} AS t WHERE strpos(t::text, ${canary}) > 0
            OR strpos(t::text, encode(convert_to(${canary}, 'UTF8'), 'hex')) > 0 LIMIT 1`,
        );
        expect([name, found]).toEqual([name, []]);
      }
    }
  });

  it("makes one of a double submit", async () => {
    const once = form();
    await createWebhook(await director(), once);
    expect(await codeOf(createWebhook(await director(), once))).toBe("already_done");
    expect(await db().webhook.count({ where: { accountId: customer.account.id } })).toBe(1);
  });

  it.each([
    ["http://receiver.example.com/hook", "url"],
    ["https://127.0.0.1/hook", "url"],
    ["https://[::ffff:10.0.0.1]/hook", "url"],
    ["https://2130706433/", "url"],
    ["https://user:word@receiver.example.com/", "url"],
    ["https://receiver.example.com/#part", "url"],
    ["ftp://receiver.example.com/", "url"],
    ["nonsense", "url"],
  ])("refuses the address %s", async (url, field) => {
    const { code, fields } = await refusal((async () => createWebhook(await director(), form({ url })))());
    expect([code, Object.keys(fields)]).toEqual(["invalid_input", [field]]);
  });

  it("refuses a partner's events in a customer's account", async () => {
    const work = (async () => createWebhook(await director(), form({ events: ["api_key_created"] })))();
    expect((await refusal(work)).fields).toHaveProperty("api_key_created");
  });

  it(`stops at ${MAX_WEBHOOKS}, and deleted ones do not count`, async () => {
    const ids: number[] = [];
    for (let count = 0; count < MAX_WEBHOOKS; count++)
      ids.push((await makeWebhook({ account: customer.account })).webhook.id);
    expect(await codeOf((async () => createWebhook(await director(), form()))())).toBe("limit_reached");
    await deleteWebhook(await manager(), { id: ids[0] ?? 0 });
    expect((await createWebhook(await director(), form())).id).toBeGreaterThan(0);
  });

  it.each(["Bearer a\r\nX-Other: b", "é", " ", ""])("takes no header such as %j", (authorization) => {
    expect(() => form({ authorization })).toThrow();
  });
});

describe("editWebhook", () => {
  const edit = (id: number, revision: number, changes: Partial<Form>) => {
    const { submissionId: _id, ...rest } = {
      submissionId: "",
      url: "https://receiver.example.com/hook",
      description: "",
      allEvents: false,
      events: ["vehicle_created" as const],
      apiVersion: "2025-05-05" as const,
      ...changes,
    };
    return editWebhookInput.parse({ id, revision, ...rest });
  };

  it("changes what differs, once per revision, and logs before and after", async () => {
    const { id } = await createWebhook(await director(), form());
    const changed = await editWebhook(await manager(), edit(id, 1, { description: "Cabinet 2" }));
    expect(changed).toMatchObject({ description: "Cabinet 2", events: ["vehicle_created"] });
    expect((await entries()).at(-1)).toMatchObject({
      action: "webhook.edited",
      before: { description: "Key cabinet" },
      after: { description: "Cabinet 2", events: ["vehicle_created"] },
    });
    expect(await codeOf(editWebhook(await manager(), edit(id, 1, {})))).toBe("conflict");
    await editWebhook(await manager(), edit(id, 2, { description: "Cabinet 2" }));
    expect((await actions()).filter((action) => action === "webhook.edited")).toHaveLength(1);
  });

  it("is sent elsewhere, and given something secret to send along, only after a fresh sign-in", async () => {
    const { id } = await createWebhook(await director(), form());
    const { account, owner } = customer;
    const stale = await makeSession(owner, { signedInMinutesAgo: 16 });
    const identity = { sessionToken: stale, requestedFrom: null, ip: null, requestId: null };
    const permit = authorize(await authContextIn(account.token, identity), "webhooks.manage");
    for (const change of [{ url: "https://elsewhere.example.com/hook" }, { authorization: "Bearer one" }])
      expect(await codeOf(editWebhook(permit, edit(id, 1, change)))).toBe("fresh_sign_in_required");
    await editWebhook(permit, edit(id, 1, { description: "Cabinet 2" }));
    expect(await stored(id)).toMatchObject({ url: form().url, authorization: null, description: "Cabinet 2" });
  });

  it("takes the header along to no other address unseen", async () => {
    const { id } = await createWebhook(await director(), form({ authorization: "Bearer one" }));
    const moved = { url: "https://elsewhere.example.com/hook" };
    for (const url of [moved.url, "https://receiver.example.com/other"]) {
      const { fields } = await refusal(editWebhook(await manager(), edit(id, 1, { url })));
      expect(fields).toHaveProperty("authorization");
    }
    await editWebhook(await manager(), edit(id, 1, { ...moved, authorization: null }));
    expect(await stored(id)).toMatchObject({ authorization: null, url: moved.url });
    expect((await entries()).at(-1)).toMatchObject({
      before: { hasAuthorization: true },
      after: { hasAuthorization: false },
    });
  });

  it("logs a changed header without what it was or is", async () => {
    const { id } = await createWebhook(await director(), form({ authorization: "Bearer one" }));
    await editWebhook(await manager(), edit(id, 1, { authorization: "Bearer two" }));
    const webhook = await stored(id);
    expect(openForWebhook(id, "authorization", webhook.authorization ?? new Uint8Array())).toBe("Bearer two");
    expect(JSON.stringify(await entries())).not.toContain("Bearer");
  });
});

describe("enable, disable and delete", () => {
  it("switch once, however often they are asked", async () => {
    const { webhook } = await makeWebhook({ account: customer.account, failedAttempts: 3, failingSince: new Date() });
    const row = { id: webhook.id, revision: 1 };
    for (const _ of [1, 2]) await disableWebhook(await manager(), row);
    expect(await stored(webhook.id)).toMatchObject({ enabled: false, disabledReason: "by_hand" });
    for (const _ of [1, 2]) await enableWebhook(await manager(), row);
    expect(await stored(webhook.id)).toMatchObject({
      enabled: true,
      disabledAt: null,
      disabledReason: null,
      failedAttempts: 0,
      failingSince: null,
    });
    expect(await actions()).toEqual(["webhook.disabled", "webhook.enabled"]);
  });

  it("delete takes the secrets at once, and is found by nobody any more", async () => {
    const { webhook } = await makeWebhook({
      account: customer.account,
      authorization: "Bearer x",
      previousSecret: "whsec_old",
    });
    await deleteWebhook(await manager(), { id: webhook.id });
    expect(await stored(webhook.id)).toMatchObject({
      secret: null,
      previousSecret: null,
      authorization: null,
      enabled: false,
    });
    expect(await codeOf(deleteWebhook(await manager(), { id: webhook.id }))).toBe("not_found");
    expect(await codeOf(revealWebhookSecret(await keeper(), { id: webhook.id }))).toBe("not_found");
    expect(await actions()).toEqual(["webhook.deleted"]);
  });
});

describe("secrets", () => {
  it("are shown to who asks, and the log says so", async () => {
    const { webhook, secret } = await makeWebhook({ account: customer.account });
    expect(await revealWebhookSecret(await keeper(), { id: webhook.id })).toEqual({ url: webhook.url, secret });
    expect(await entries()).toMatchObject([{ action: "webhook.revealed", recordId: webhook.id }]);
  });

  it("are rotated once per revision; the one before signs for 24 hours, the one before that no more", async () => {
    const { webhook, secret } = await makeWebhook({ account: customer.account });
    const first = await rotateWebhookSecret(await keeper(), { id: webhook.id, revision: 1 });
    expect(await codeOf(rotateWebhookSecret(await keeper(), { id: webhook.id, revision: 1 }))).toBe("conflict");
    const open = async () => {
      const row = await stored(webhook.id);
      return [row.secret, row.previousSecret].map((sealed) =>
        openForWebhook(webhook.id, "secret", sealed ?? new Uint8Array()),
      );
    };
    expect(await open()).toEqual([first.secret, secret]);
    const { previousSecretEndsAt, updatedAt } = await stored(webhook.id);
    expect(Number(previousSecretEndsAt) - Number(updatedAt)).toBe(24 * 3_600_000);
    const second = await rotateWebhookSecret(await keeper(), { id: webhook.id, revision: 2 });
    expect(await open()).toEqual([second.secret, first.secret]);
  });
});

describe("sendTestEvent", () => {
  it("puts down one delivery of a made-up record, and a job that sends it", async () => {
    const { webhook } = await makeWebhook({ account: customer.account, events: ["contact_updated"] });
    const { webhookEventId, event } = await sendTestEvent(await manager(), { id: webhook.id });
    expect(event).toBe("contact_updated");
    const [delivery] = await deliveries(webhook.id);
    expect(delivery).toMatchObject({ id: webhookEventId, status: "pending", sequence: null });
    expect(JSON.parse(delivery?.body ?? "")).toMatchObject({
      id: webhookEventId,
      event,
      payload: { test: true },
      triggered_by: customer.owner.email,
    });
    const jobs = await readSql(
      Prisma.sql`SELECT 1 FROM graphile_worker.jobs WHERE key = ${`webhooks.deliver/${webhookEventId}`}`,
    );
    expect(jobs).toHaveLength(1);
    expect(await actions()).toEqual(["webhook.tested"]);
  });

  it("is refused while it is disabled", async () => {
    const { webhook } = await makeWebhook({ account: customer.account, disabledAt: new Date() });
    expect(await codeOf(sendTestEvent(await manager(), { id: webhook.id }))).toBe("conflict");
    expect(await deliveries(webhook.id)).toEqual([]);
  });
});

describe("another account's webhook", () => {
  it("is not found, whatever is asked of it", async () => {
    const stranger = await makeAccountWithPeople();
    const { webhook } = await makeWebhook({ account: customer.account });
    const row = { id: webhook.id, revision: 1 };
    const works = [
      async () => editWebhook(await manager(stranger), { id: row.id, changes: { description: "mine" } }),
      async () => enableWebhook(await manager(stranger), row),
      async () => disableWebhook(await manager(stranger), row),
      async () => deleteWebhook(await manager(stranger), row),
      async () => sendTestEvent(await manager(stranger), row),
      async () => revealWebhookSecret(await keeper(stranger), row),
      async () => rotateWebhookSecret(await keeper(stranger), row),
    ];
    for (const work of works) expect(await codeOf(work())).toBe("not_found");
    expect(await stored(webhook.id)).toEqual(webhook);
  });
});
