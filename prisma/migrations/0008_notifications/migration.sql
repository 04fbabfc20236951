-- CreateEnum
CREATE TYPE "notice_stage" AS ENUM ('days_90', 'days_60', 'days_30', 'days_14', 'days_7', 'days_3', 'days_1', 'expired', 'created', 'regenerated', 'revoked', 'leaked');

-- CreateTable
CREATE TABLE "expiry_stages" (
    "api_key_id" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "days" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "silent" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "expiry_stages_pkey" PRIMARY KEY ("api_key_id","expires_at","days")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "api_key_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "stage" "notice_stage" NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "superseded_at" TIMESTAMPTZ(3),
    "mail_id" INTEGER,

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice_mails" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "mail_key" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "provider_id" TEXT,
    "dropped_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "delivered_at" TIMESTAMPTZ(3),
    "bounced_at" TIMESTAMPTZ(3),
    "complained_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_pace" (
    "id" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "notices_after" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_heartbeats" (
    "pool_id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_heartbeats_pkey" PRIMARY KEY ("pool_id")
);

-- CreateTable
CREATE TABLE "cron_ticks" (
    "job" TEXT NOT NULL,
    "ticked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cron_ticks_pkey" PRIMARY KEY ("job")
);

-- CreateIndex
CREATE INDEX "expiry_stages_recorded_at_idx" ON "expiry_stages"("recorded_at");

-- CreateIndex
CREATE INDEX "notices_user_id_created_at_idx" ON "notices"("user_id", "created_at");

-- CreateIndex
CREATE INDEX "notices_mail_id_idx" ON "notices"("mail_id");

-- CreateIndex
CREATE INDEX "notices_account_id_api_key_id_id_idx" ON "notices"("account_id", "api_key_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "notices_api_key_id_user_id_stage_expires_at_sequence_key" ON "notices"("api_key_id", "user_id", "stage", "expires_at", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "notice_mails_mail_key_key" ON "notice_mails"("mail_key");

-- CreateIndex
CREATE INDEX "notice_mails_provider_id_idx" ON "notice_mails"("provider_id");

-- CreateIndex
CREATE INDEX "notice_mails_user_id_idx" ON "notice_mails"("user_id");

-- AddForeignKey
ALTER TABLE "expiry_stages" ADD CONSTRAINT "expiry_stages_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notices" ADD CONSTRAINT "notices_mail_id_fkey" FOREIGN KEY ("mail_id") REFERENCES "notice_mails"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_mails" ADD CONSTRAINT "notice_mails_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say.

ALTER TABLE expiry_stages ADD CONSTRAINT expiry_stages_days CHECK (days IN (90, 60, 30, 14, 7, 3, 1, 0));
-- A stage is told once per expiry, an event once per audit entry.
ALTER TABLE notices ADD CONSTRAINT notices_stage_or_event
  CHECK ((sequence > 0) = (stage IN ('created', 'regenerated', 'revoked', 'leaked')));

-- The sweeps' view of all keys, across accounts: those that may reach a stage, soonest end first.
CREATE INDEX api_keys_by_end ON api_keys (expires_at) INCLUDE (id, account_id, term_months, term_days) WHERE revoked_at IS NULL;
-- What still waits to be put into a mail, and the mails that still wait to be sent.
CREATE INDEX notices_unmailed ON notices (user_id) WHERE mail_id IS NULL AND superseded_at IS NULL;
CREATE INDEX notice_mails_waiting ON notice_mails (priority, not_before, id) WHERE sent_at IS NULL AND dropped_at IS NULL;
