import "server-only";

import { mutate } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import type { DisabledReason } from "../policy";

interface Failing {
  readonly accountId: number;
  readonly webhookId: number;
}

/** Ends the sending of a webhook whose receiver is gone, or takes nothing any more; its people are told by the event. */
export async function disableForFailures(
  permit: Permit<"webhooks.deliver">,
  { accountId, webhookId }: Failing,
  reason: Extract<DisabledReason, "gone" | "failing">,
): Promise<void> {
  await mutate(permit, async (tx, now) => {
    const { count } = await tx.webhook.updateMany({
      where: { id: webhookId, accountId, enabled: true },
      data: { enabled: false, disabledAt: now, disabledReason: reason, revision: { increment: 1 }, updatedAt: now },
    });
    if (count === 0) return { result: undefined, events: [] };
    await tx.webhookEvent.updateMany({
      where: { accountId, webhookId, status: "pending" },
      data: { status: "canceled", nextAttemptAt: null, leasedUntil: null },
    });
    const webhook = await tx.webhook.findUniqueOrThrow({ where: { id: webhookId, accountId }, select: { url: true } });
    const record = { type: "webhook", id: webhookId, name: webhook.url } as const;
    const facts = { after: { reason }, payload: { reason } };
    return { result: undefined, events: [{ name: "webhook.disabled", accountId, record, ...facts }] };
  });
}
