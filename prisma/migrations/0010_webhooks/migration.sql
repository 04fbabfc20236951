-- CreateEnum
CREATE TYPE "webhook_disabled_reason" AS ENUM ('by_hand', 'gone', 'failing');

-- CreateTable
CREATE TABLE "webhooks" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "created_by_id" INTEGER,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "all_events" BOOLEAN NOT NULL DEFAULT false,
    "events" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "api_version" TEXT NOT NULL,
    "authorization" BYTEA,
    "secret" BYTEA,
    "previous_secret" BYTEA,
    "previous_secret_ends_at" TIMESTAMPTZ(3),
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_reason" "webhook_disabled_reason",
    "failing_since" TIMESTAMPTZ(3),
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "submission_id" UUID,
    "deleted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_events" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "webhook_id" INTEGER NOT NULL,
    "message_id" TEXT NOT NULL,
    "sequence" INTEGER,
    "event" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_attempts" (
    "id" SERIAL NOT NULL,
    "webhook_event_id" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "request_headers" JSONB NOT NULL,
    "response_status" INTEGER,
    "response_headers" JSONB,
    "response_body" TEXT,
    "error" TEXT,

    CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "webhooks_account_id_id_key" ON "webhooks"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "webhooks_account_id_submission_id_key" ON "webhooks"("account_id", "submission_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_events_message_id_key" ON "webhook_events"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_events_account_id_id_key" ON "webhook_events"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_events_webhook_id_sequence_key" ON "webhook_events"("webhook_id", "sequence");

-- CreateIndex
CREATE INDEX "webhook_attempts_webhook_event_id_id_idx" ON "webhook_attempts"("webhook_event_id", "id");

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_webhook_fkey" FOREIGN KEY ("account_id", "webhook_id") REFERENCES "webhooks"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_webhook_event_id_fkey" FOREIGN KEY ("webhook_event_id") REFERENCES "webhook_events"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say.

ALTER TABLE webhooks ADD CONSTRAINT webhooks_disabled_with_reason
  CHECK (enabled = (disabled_at IS NULL) AND enabled = (disabled_reason IS NULL));
ALTER TABLE webhooks ADD CONSTRAINT webhooks_some_events CHECK (all_events OR cardinality(events) > 0);
ALTER TABLE webhooks ADD CONSTRAINT webhooks_previous_secret_ends
  CHECK ((previous_secret IS NULL) = (previous_secret_ends_at IS NULL));
-- What is deleted keeps no secret, and sends nothing.
ALTER TABLE webhooks ADD CONSTRAINT webhooks_secret_until_deleted CHECK (
  CASE WHEN deleted_at IS NULL THEN secret IS NOT NULL
    ELSE num_nonnulls(secret, previous_secret, "authorization") = 0 AND NOT enabled END);
-- Encrypted bytes (nonce, tag, text), never a secret as it is.
ALTER TABLE webhooks ADD CONSTRAINT webhooks_sealed CHECK (octet_length(secret) >= 28 AND octet_length(previous_secret) >= 28
  AND octet_length("authorization") >= 28);

ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_status CHECK (status IN ('pending', 'delivered', 'failed', 'canceled'));
ALTER TABLE webhook_events ADD CONSTRAINT webhook_events_due_while_pending CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL));
ALTER TABLE webhook_attempts ADD CONSTRAINT webhook_attempts_body_bounded CHECK (char_length(response_body) <= 20480);

-- What an event asks: who wants to hear of it.
CREATE INDEX webhooks_listening ON webhooks (account_id) WHERE enabled;
-- Lists: one index for each filter and sort of the contract, ending in the id.
CREATE INDEX webhooks_by_created ON webhooks (account_id, created_at, id);
CREATE INDEX webhooks_by_updated ON webhooks (account_id, updated_at, id);
CREATE INDEX webhooks_by_url ON webhooks (account_id, url, id);
CREATE INDEX webhooks_by_description ON webhooks (account_id, description, id);
CREATE INDEX webhooks_by_enabled ON webhooks (account_id, enabled, id);
CREATE INDEX webhooks_search ON webhooks USING gin (account_id, url gin_trgm_ops, description gin_trgm_ops);

CREATE INDEX webhook_events_by_status ON webhook_events (account_id, status, id);
CREATE INDEX webhook_events_by_event ON webhook_events (account_id, event, id);
CREATE INDEX webhook_events_by_created ON webhook_events (account_id, created_at, id);
CREATE INDEX webhook_events_by_last_sent ON webhook_events (account_id, last_sent_at, id);
CREATE INDEX webhook_events_in_sent_order ON webhook_events (account_id, COALESCE(last_sent_at, '-infinity'::timestamptz), id);
CREATE INDEX webhook_events_of_webhook ON webhook_events (account_id, webhook_id, id);
-- A webhook's own page, by status or event.
CREATE INDEX webhook_events_of_webhook_by_status ON webhook_events (account_id, webhook_id, status, id);
CREATE INDEX webhook_events_of_webhook_by_event ON webhook_events (account_id, webhook_id, event, id);
-- What is due, and what is old.
CREATE INDEX webhook_events_due ON webhook_events (next_attempt_at, id) WHERE status = 'pending';
CREATE INDEX webhook_events_old ON webhook_events (created_at);
