-- AlterEnum
ALTER TYPE "notice_stage" ADD VALUE 'today';

-- AlterTable
ALTER TABLE "audit_verifications" ADD COLUMN     "account_token" TEXT;

-- What the schema language cannot say.

-- A log is 1, 2, 3, …: whoever may add to it cannot put anything before its beginning. Rows that stand there already are
-- left, since nobody deletes from this table: the verifier names them, and they are neither shown nor exported.
ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_begin_at_one CHECK (sequence >= 1) NOT VALID;
ALTER TABLE audit_heads ADD CONSTRAINT audit_heads_begin_at_nought CHECK (sequence >= 0) NOT VALID;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_entries WHERE sequence < 1) THEN
    ALTER TABLE audit_entries VALIDATE CONSTRAINT audit_entries_begin_at_one;
  END IF;
  IF NOT EXISTS (SELECT FROM audit_heads WHERE sequence < 0) THEN
    ALTER TABLE audit_heads VALIDATE CONSTRAINT audit_heads_begin_at_nought;
  END IF;
END $$;

-- A stage is told once per expiry, an event once per audit entry. (As text: a value that is new in this transaction
-- cannot be named.)
ALTER TABLE notices DROP CONSTRAINT notices_stage_or_event;
ALTER TABLE notices ADD CONSTRAINT notices_stage_or_event CHECK ((sequence > 0) =
  (stage::text NOT IN ('days_90', 'days_60', 'days_30', 'days_14', 'days_7', 'days_3', 'days_1', 'today', 'expired')));
