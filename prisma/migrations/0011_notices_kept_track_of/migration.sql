-- AlterEnum
ALTER TYPE "notice_stage" ADD VALUE 'creator_left';

-- AlterTable
ALTER TABLE "notice_mails" ADD COLUMN     "open_since" TIMESTAMPTZ(3);

-- A stage is told once per expiry, an event once per audit entry. (A value that is new in this transaction cannot be named.)
ALTER TABLE notices DROP CONSTRAINT notices_stage_or_event;
ALTER TABLE notices ADD CONSTRAINT notices_stage_or_event
  CHECK ((sequence > 0) = (stage NOT IN ('days_90', 'days_60', 'days_30', 'days_14', 'days_7', 'days_3', 'days_1', 'expired')));
