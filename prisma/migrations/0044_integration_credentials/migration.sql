-- What accounts ask other hubs with, and this one.
CREATE TYPE "credential_status" AS ENUM ('valid', 'refused', 'wrong_account', 'lacks_scope', 'unreachable');

CREATE TABLE "integration_credentials" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "created_by_id" INTEGER,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "base_url" TEXT,
    "account_token" TEXT NOT NULL,
    "api_key" BYTEA,
    "api_key_id" INTEGER,
    "status" "credential_status",
    "reason" TEXT,
    "checked_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "refused_since" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "submission_id" UUID,
    "deleted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "integration_credentials_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "integration_credentials_account_id_id_key" ON "integration_credentials"("account_id", "id");
CREATE UNIQUE INDEX "integration_credentials_account_id_submission_id_key" ON "integration_credentials"("account_id", "submission_id");
CREATE INDEX "integration_credentials_api_key_id_idx" ON "integration_credentials"("api_key_id");

ALTER TABLE "integration_credentials" ADD CONSTRAINT "integration_credentials_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "integration_credentials" ADD CONSTRAINT "integration_credentials_created_by_id_fkey"
  FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "integration_credentials" ADD CONSTRAINT "integration_credentials_api_key_id_fkey"
  FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is to be checked next, the longest ago first.
CREATE INDEX integration_credentials_by_check ON integration_credentials (checked_at NULLS FIRST, id)
  WHERE deleted_at IS NULL AND api_key IS NOT NULL;

ALTER TABLE integration_credentials ADD CONSTRAINT deleted_credentials_hold_no_key
  CHECK (deleted_at IS NULL OR api_key IS NULL);
