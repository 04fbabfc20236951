-- What the schema language cannot say.

-- What a redelivery since a time takes. What arrives at the first attempt never enters it.
CREATE INDEX webhook_events_not_arrived ON webhook_events (account_id, webhook_id, created_at, id)
  WHERE status <> 'delivered' AND (status <> 'pending' OR attempts > 0);
