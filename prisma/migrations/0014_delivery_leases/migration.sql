-- AlterTable
ALTER TABLE "webhook_events" ADD COLUMN     "leased_until" TIMESTAMPTZ(3);

-- What the schema language cannot say.

-- Each endpoint's own line: who stands first in it, whatever waits elsewhere.
CREATE INDEX webhook_events_in_line ON webhook_events (webhook_id, next_attempt_at, id) WHERE status = 'pending';
-- Taking a delivery changes no indexed column: with room on its page the indexes stay as they are.
ALTER TABLE webhook_events SET (fillfactor = 80);
