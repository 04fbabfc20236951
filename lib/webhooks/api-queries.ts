import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import type { ListDefinition, ListField, ListPage, ListRequest } from "@/lib/public-api/lists/list-definition";
import { readList } from "@/lib/public-api/lists/read-list";
import type { WebhookEventRecord, WebhookRecord } from "./presenter";
import { webhookEventSource, webhookSource } from "./queries";

type Reader = Permit<"webhooks.read">;

const field = (column: Prisma.Sql, type: ListField["type"]): ListField => ({ column, type });

const webhookFields = {
  url: field(Prisma.sql`w.url`, "text"),
  description: field(Prisma.sql`w.description`, "text"),
  enabled: field(Prisma.sql`w.enabled`, "boolean"),
  created_at: field(Prisma.sql`w.created_at`, "timestamp"),
  updated_at: field(Prisma.sql`w.updated_at`, "timestamp"),
};

export const webhookList: ListDefinition = {
  resource: "webhooks",
  id: Prisma.sql`w.id`,
  filters: webhookFields,
  sorts: webhookFields,
};

export function listWebhooks(permit: Reader, request: ListRequest): Promise<ListPage<WebhookRecord>> {
  return readList<WebhookRecord>(webhookList, request, webhookSource(permit.account.id));
}

const [status, event] = [Prisma.sql`e.status`, Prisma.sql`e.event`];
const eventFields = {
  webhook_id: field(Prisma.sql`e.webhook_id`, "integer"),
  created_at: field(Prisma.sql`e.created_at`, "timestamp"),
};

export const webhookEventList: ListDefinition = {
  resource: "webhook_events",
  id: Prisma.sql`e.id`,
  // Compared as a whole alone: a part of a name has no index.
  filters: {
    status: field(status, "fixedText"),
    event: field(event, "fixedText"),
    ...eventFields,
    last_sent_at: field(Prisma.sql`e.last_sent_at`, "timestamp"),
  },
  sorts: {
    status: field(status, "text"),
    event: field(event, "text"),
    ...eventFields,
    last_sent_at: field(Prisma.sql`COALESCE(e.last_sent_at, '-infinity'::timestamptz)`, "timestamp"),
  },
};

export function listWebhookEvents(permit: Reader, request: ListRequest): Promise<ListPage<WebhookEventRecord>> {
  return readList<WebhookEventRecord>(webhookEventList, request, webhookEventSource(permit.account.id));
}
