-- The chosen few customers of a key, in its own row as well: whether it is within the reach of somebody who is limited
-- to some customers is then said by the row alone, and found by an index. Null = none are chosen. Only the triggers
-- below write it.
ALTER TABLE "api_keys" ADD COLUMN "customer_ids" INTEGER[];

UPDATE api_keys k SET customer_ids = c.ids
  FROM (SELECT api_key_id, array_agg(account_id ORDER BY account_id) AS ids FROM api_key_customers GROUP BY api_key_id) c
  WHERE c.api_key_id = k.id;

CREATE INDEX api_keys_by_customers ON api_keys USING gin (account_id, customer_ids) WITH (gin_pending_list_limit = 128)
  WHERE customer_ids IS NOT NULL;

CREATE FUNCTION api_keys_know_their_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE api_keys k SET customer_ids = c.ids
    FROM (SELECT t.api_key_id, (SELECT array_agg(account_id ORDER BY account_id) FROM api_key_customers o WHERE o.api_key_id = t.api_key_id) AS ids
      FROM (SELECT DISTINCT api_key_id FROM touched) t) c
    WHERE k.id = c.api_key_id AND k.customer_ids IS DISTINCT FROM c.ids;
  RETURN NULL;
END $$;
CREATE TRIGGER api_keys_know_their_customers AFTER INSERT ON api_key_customers
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION api_keys_know_their_customers();
CREATE TRIGGER api_keys_forget_their_customers AFTER DELETE ON api_key_customers
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION api_keys_know_their_customers();

-- What a key reaches is chosen when it is made: a row is added or taken, never turned into another.
CREATE FUNCTION refuse_another_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A customer of a key is added or taken away, never changed into another.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER api_key_customers_stay BEFORE UPDATE ON api_key_customers
  FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION refuse_another_customer();
