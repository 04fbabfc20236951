-- CreateTable
CREATE TABLE "audit_verifications" (
    "account_id" INTEGER NOT NULL,
    "verified_to" INTEGER NOT NULL,
    "verified_hash" BYTEA NOT NULL,
    "verified_at" TIMESTAMPTZ(3) NOT NULL,
    "fault_sequence" INTEGER,
    "fault_kind" TEXT,

    CONSTRAINT "audit_verifications_pkey" PRIMARY KEY ("account_id")
);
