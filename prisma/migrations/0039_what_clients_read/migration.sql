-- When what is shown of a delivery last changed; null where nothing has since it was made or last sent.
ALTER TABLE "webhook_events" ADD COLUMN "updated_at" TIMESTAMPTZ(3);

-- Telematics clients add vehicles of the type "Vehicle" without asking which there are. Nobody can have taken it away:
-- types are not edited here.
INSERT INTO vehicle_types (account_id, name)
  SELECT a.id, 'Vehicle' FROM accounts a
  WHERE a.kind = 'customer' AND NOT EXISTS (SELECT FROM vehicle_types t WHERE t.account_id = a.id AND lower(t.name) = 'vehicle');

-- A vehicle is named by what another system calls it.
CREATE INDEX vehicles_named_elsewhere ON vehicles USING gin (account_id, external_ids jsonb_path_ops) WITH (gin_pending_list_limit = 128);
