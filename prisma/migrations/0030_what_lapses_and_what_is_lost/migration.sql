-- A webhook whose secret was rotated after the backup that was restored.
ALTER TYPE "webhook_disabled_reason" ADD VALUE IF NOT EXISTS 'secret_lost';

-- Whoever is limited to some customers does not hear that an address has an invitation which reaches further than he
-- does: his own stands beside it. That an address has one of a reach is decided behind the lock on the account's people.
DROP INDEX invitations_one_pending;
