import "server-only";

import { changesOf, type Changes } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { holdAccount, mutate, type Tx } from "@/lib/audit-log/mutate";
import { authorize, type Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord } from "@/lib/platform/errors";
import { insertDeliveries } from "./enqueue-deliveries";
import { endOfOldSecret, eventsFor, MAX_WEBHOOKS, type WebhookEventWireName } from "./policy";
import type { CreatedWebhook, WebhookRecord } from "./presenter";
import { webhookSource } from "./queries";
import type { WebhookChanges, WebhookRowInput } from "./schema";
import { mintWebhookSecret, openForWebhook, sealForWebhook } from "./secrets";
import { mergeSettings, type WebhookSettings } from "./merge-settings";

type Manager = Permit<"webhooks.manage">;
type Director = Permit<"webhooks.direct">;
type Keeper = Permit<"webhooks.revealSecret">;
type Holder = Manager | Director | Keeper;

/** What somebody saw of a webhook: over the API nobody is asked for a revision. */
type Seen = { readonly id: number; readonly revision?: number | undefined };

interface HeldWebhook extends WebhookRecord {
  readonly revision: number;
  readonly secret: Uint8Array;
}

/** The webhook as it stands, held against other changes until this one is through. @throws DomainError not_found, conflict */
export async function holdWebhook(tx: Tx, permit: Holder, { id, revision }: Seen): Promise<HeldWebhook> {
  const { select, from, where } = webhookSource(permit.account.id);
  const [webhook] = await tx.$queryRaw<HeldWebhook[]>(
    Prisma.sql`SELECT ${select}, w.revision, w.secret FROM ${from} WHERE ${where} AND w.id = ${id} FOR NO KEY UPDATE OF w`,
  );
  if (webhook === undefined) throw noSuchRecord();
  if (revision !== undefined && revision !== webhook.revision) {
    throw new DomainError(
      "conflict",
      "This webhook was changed meanwhile, here or by somebody else. Nothing was changed now; look at it again.",
    );
  }
  return webhook;
}

async function readAgain(tx: Tx, permit: Holder, id: number): Promise<WebhookRecord> {
  const { revision: _revision, secret: _secret, ...webhook } = await holdWebhook(tx, permit, { id });
  return webhook;
}

function webhookEvent(
  deed: "created" | "edited" | "enabled" | "disabled" | "rotated" | "deleted" | "tested" | "revealed",
  { id, url }: Pick<WebhookRecord, "id" | "url">,
  facts: Partial<Changes> = {},
): DomainEvent {
  return { name: `webhook.${deed}`, record: { type: "webhook", id, name: url }, ...facts };
}

/** Puts the account's creations in line (so that the limit is exact), and refuses a second submit of one form. */
async function reserveWebhook(tx: Tx, accountId: number, submissionId: string | null): Promise<number> {
  await holdAccount(tx, accountId);
  const made =
    submissionId === null
      ? null
      : await tx.webhook.findUnique({
          where: { accountId_submissionId: { accountId, submissionId } },
          select: { url: true },
        });
  if (made) {
    throw new DomainError(
      "already_done",
      `The webhook to ${made.url} exists already: this form was sent twice. “View secret” in its menu shows its secret.`,
    );
  }
  if ((await tx.webhook.count({ where: { accountId, deletedAt: null } })) >= MAX_WEBHOOKS) {
    throw new DomainError(
      "limit_reached",
      `This account has ${MAX_WEBHOOKS} webhooks, the most it may have. Delete one that is no longer used, then save again.`,
    );
  }
  const [next] = await tx.$queryRaw<{ id: number }[]>`SELECT nextval('webhooks_id_seq')::int AS id`;
  return next?.id ?? 0;
}

export interface CreateWebhookInput extends WebhookChanges {
  readonly url: string;
  readonly apiVersion: string;
  /** Null where no form was sent. */
  readonly submissionId: string | null;
}

function auditedFacts({ authorization, ...facts }: WebhookSettings) {
  return { ...facts, authorization: authorization === null ? null : "set" };
}

/**
 * Makes a webhook with a secret of its own, which the answer holds.
 * @throws DomainError already_done, limit_reached, invalid_input
 */
export function createWebhook(permit: Director, input: CreateWebhookInput): Promise<CreatedWebhook> {
  const { account, actor } = permit;
  const facts = mergeSettings(account.kind, null, input);
  return mutate(permit, async (tx, now) => {
    const id = await reserveWebhook(tx, account.id, input.submissionId);
    const secret = mintWebhookSecret();
    const { authorization, enabled, ...columns } = facts;
    await tx.webhook.create({
      data: {
        ...columns,
        events: [...columns.events],
        id,
        accountId: account.id,
        createdById: actor.kind === "user" ? actor.userId : null,
        submissionId: input.submissionId,
        secret: sealForWebhook(id, "secret", secret),
        authorization: authorization === null ? null : sealForWebhook(id, "authorization", authorization),
        ...switched(enabled, now),
        createdAt: now,
        updatedAt: now,
      },
    });
    const webhook = await readAgain(tx, permit, id);
    const { after } = changesOf({}, auditedFacts(facts)) ?? {};
    return { result: { ...webhook, secret }, events: [webhookEvent("created", webhook, after && { after })] };
  });
}

function switched(enabled: boolean, now: Date) {
  return enabled
    ? { enabled, disabledAt: null, disabledReason: null, failingSince: null, failedAttempts: 0 }
    : { enabled, disabledAt: now, disabledReason: "by_hand" as const };
}

/** Who sends a webhook elsewhere, or something secret along, is asked as if he made it. @throws DomainError fresh_sign_in_required */
function requireDirector({ actor, account, origin }: Manager): Director {
  return authorize({ actor, account, origin }, "webhooks.direct");
}

/**
 * Changes what is given and leaves the rest.
 * @throws DomainError not_found, conflict, invalid_input; fresh_sign_in_required where it is sent elsewhere
 */
export function editWebhook(
  permit: Manager,
  { changes, ...seen }: Seen & { readonly changes: WebhookChanges },
): Promise<WebhookRecord> {
  return mutate(permit, async (tx, now) => {
    const webhook = await holdWebhook(tx, permit, seen);
    const facts = mergeSettings(permit.account.kind, webhook, changes);
    const { authorization, enabled, ...columns } = facts;
    if (facts.url !== webhook.url || authorization !== null) requireDirector(permit);
    const isHeaderGiven = changes.authorization !== undefined;
    const changed = changesOf(webhook, {
      ...columns,
      ...(isHeaderGiven && { authorization: authorization === null ? undefined : "changed" }),
      ...(isHeaderGiven && { hasAuthorization: authorization !== null }),
    });
    const isSwitched = enabled !== webhook.enabled;
    if (changed === null && !isSwitched) return { result: webhook, events: [] };
    await tx.webhook.update({
      where: { id: webhook.id, accountId: permit.account.id },
      data: {
        ...columns,
        events: [...columns.events],
        ...(isHeaderGiven && {
          authorization: authorization === null ? null : sealForWebhook(webhook.id, "authorization", authorization),
        }),
        ...(isSwitched && switched(enabled, now)),
        revision: { increment: 1 },
        updatedAt: now,
      },
    });
    const after = await readAgain(tx, permit, webhook.id);
    const events = [
      ...(changed ? [webhookEvent("edited", after, changed)] : []),
      ...(isSwitched ? [webhookEvent(enabled ? "enabled" : "disabled", after, byHand(enabled))] : []),
    ];
    return { result: after, events };
  });
}

function byHand(enabled: boolean): Partial<Changes> {
  return enabled ? {} : { after: { reason: "by_hand" } };
}

/** Sends again from now on; what happened meanwhile was not noted. Done twice, the second changes nothing. @throws DomainError not_found */
export function enableWebhook(permit: Manager, { id }: WebhookRowInput): Promise<WebhookRecord> {
  return editWebhook(permit, { id, changes: { enabled: true } });
}

/** Sends nothing more, not even what waits. Done twice, the second changes nothing. @throws DomainError not_found */
export function disableWebhook(permit: Manager, { id }: WebhookRowInput): Promise<WebhookRecord> {
  return editWebhook(permit, { id, changes: { enabled: false } });
}

/** Ends it for good; its secrets go at once, its deliveries when they are old. @throws DomainError not_found */
export function deleteWebhook(permit: Manager, { id }: Pick<WebhookRowInput, "id">): Promise<{ url: string }> {
  return mutate(permit, async (tx, now) => {
    const webhook = await holdWebhook(tx, permit, { id });
    await tx.webhook.update({
      where: { id, accountId: permit.account.id },
      data: {
        deletedAt: now,
        secret: null,
        previousSecret: null,
        previousSecretEndsAt: null,
        authorization: null,
        enabled: false,
        disabledAt: webhook.disabledAt ?? now,
        disabledReason: webhook.disabledReason ?? "by_hand",
      },
    });
    return { result: { url: webhook.url }, events: [webhookEvent("deleted", webhook)] };
  });
}

export interface RevealedSecret {
  readonly url: string;
  readonly secret: string;
}

/** A new secret; the one before signs as well for 24 hours, the one before that no more. @throws DomainError not_found, conflict */
export function rotateWebhookSecret(
  permit: Keeper,
  seen: WebhookRowInput,
): Promise<RevealedSecret & { readonly oldSecretUntil: string }> {
  return mutate(permit, async (tx, now) => {
    const webhook = await holdWebhook(tx, permit, seen);
    const secret = mintWebhookSecret();
    const oldSecretUntil = endOfOldSecret(now);
    await tx.webhook.update({
      where: { id: webhook.id, accountId: permit.account.id },
      data: {
        secret: sealForWebhook(webhook.id, "secret", secret),
        previousSecret: new Uint8Array(webhook.secret),
        previousSecretEndsAt: oldSecretUntil,
        revision: { increment: 1 },
        updatedAt: now,
      },
    });
    const after = { oldSecretUntil: oldSecretUntil.toISOString() };
    const result = { url: webhook.url, secret, ...after };
    return { result, events: [webhookEvent("rotated", webhook, { after })] };
  });
}

/** Shows the secret that signs now; that it was shown is audited. @throws DomainError not_found */
export function revealWebhookSecret(permit: Keeper, { id }: Pick<WebhookRowInput, "id">): Promise<RevealedSecret> {
  return mutate(permit, async (tx) => {
    const webhook = await holdWebhook(tx, permit, { id });
    const secret = openForWebhook(webhook.id, "secret", webhook.secret);
    return { result: { url: webhook.url, secret }, events: [webhookEvent("revealed", webhook)] };
  });
}

/** Sends the first of its events with a record made up. @throws DomainError not_found, conflict where it is disabled */
export function sendTestEvent(
  permit: Manager,
  { id }: Pick<WebhookRowInput, "id">,
): Promise<{ webhookEventId: number; event: WebhookEventWireName }> {
  return mutate(permit, async (tx, now) => {
    const webhook = await holdWebhook(tx, permit, { id });
    if (!webhook.enabled)
      throw new DomainError("conflict", "This webhook is disabled and sends nothing. Enable it first, then test it.");
    const event = eventsFor(webhook.accountKind).find((name) => webhook.allEvents || webhook.events.includes(name));
    if (event === undefined) throw new DomainError("conflict", "This webhook hears of no event. Edit it first.");
    const message = {
      event,
      occurredAt: now.toISOString(),
      payload: { id: 0, account_id: permit.account.id, test: true },
      resource: "tests",
      triggeredBy: permit.actor.kind === "user" ? permit.actor.email : null,
      sequence: null,
    };
    const [webhookEventId = 0] = await insertDeliveries(tx, [{ webhook, message }]);
    return { result: { webhookEventId, event }, events: [webhookEvent("tested", webhook, { after: { event } })] };
  });
}
