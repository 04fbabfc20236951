-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "rate_limit_per_minute" INTEGER;

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- Counts of a minute: what a crash loses is counted anew.
ALTER TABLE rate_limits SET UNLOGGED;

CREATE INDEX api_keys_leaked ON api_keys (account_id, revoked_at) WHERE revoked_reason = 'reported_leaked';
