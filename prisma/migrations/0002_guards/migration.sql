-- What the schema language cannot say.

-- Accounts: the token's form; a customer has at most one partner, a partner none.
ALTER TABLE accounts ADD CONSTRAINT accounts_token_form CHECK (token ~ '^[0-9a-f]{10}$');
ALTER TABLE accounts ADD CONSTRAINT accounts_partner_is_for_customers CHECK (kind = 'customer' OR partner_id IS NULL);

-- Owners cannot be limited (product.md, Who may do what).
ALTER TABLE memberships ADD CONSTRAINT memberships_owner_unlimited CHECK (NOT (limited AND role = 'owner'));

-- API keys: revocation is two facts or none; the end lies after the start.
ALTER TABLE api_keys ADD CONSTRAINT api_keys_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL));
ALTER TABLE api_keys ADD CONSTRAINT api_keys_expires_after_start CHECK (expires_at > created_at);
ALTER TABLE api_keys ADD CONSTRAINT api_keys_one_term CHECK (num_nonnulls(term_months, term_days) = 1);
ALTER TABLE api_keys ADD CONSTRAINT api_keys_scopes_given CHECK (cardinality(scopes) > 0);
ALTER TABLE api_key_tokens ADD CONSTRAINT api_key_tokens_hash_length CHECK (octet_length(hash) = 32);

-- Exactly one current token at most.
CREATE UNIQUE INDEX api_key_tokens_one_current ON api_key_tokens (api_key_id) WHERE retires_at IS NULL;

-- Revoked is final: no statement, of whatever code, brings a key back.
CREATE FUNCTION api_keys_stay_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at OR NEW.expires_at <> OLD.expires_at) THEN
    RAISE EXCEPTION 'a revoked API key stays revoked' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER api_keys_stay_revoked BEFORE UPDATE OF revoked_at, expires_at ON api_keys
  FOR EACH ROW EXECUTE FUNCTION api_keys_stay_revoked();

-- The list: one index per order, ending in the id, so that a keyset page is a range of it.
CREATE INDEX api_keys_by_created ON api_keys (account_id, created_at, id);
CREATE INDEX api_keys_by_expiry ON api_keys (account_id, expires_at, id);
CREATE INDEX api_keys_by_name ON api_keys (account_id, lower(name), id);
CREATE INDEX api_keys_by_last_use ON api_keys (account_id, COALESCE(last_used_at, '-infinity'::timestamptz), id);
-- Filters. Few keys are not revoked (at most 50 active): their own small index serves status and counts.
CREATE INDEX api_keys_alive ON api_keys (account_id, expires_at, id) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_by_version ON api_keys (account_id, api_version, created_at, id);
CREATE INDEX api_keys_by_creator ON api_keys (account_id, created_by_id, created_at, id);
CREATE INDEX api_keys_scopes ON api_keys USING gin (account_id, scopes);
-- Search: trigrams from three characters on, prefixes below.
CREATE INDEX api_keys_name_trgm ON api_keys USING gin (account_id, name gin_trgm_ops);
CREATE INDEX api_keys_name_prefix ON api_keys (account_id, lower(name) text_pattern_ops);
CREATE INDEX api_keys_prefix ON api_keys (account_id, prefix text_pattern_ops);

-- Audit log: append-only.
CREATE FUNCTION audit_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_entries_append_only();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_append_only();

-- Account Tokens: the same orders and searches.
CREATE INDEX accounts_by_name ON accounts (partner_id, lower(name), id);
CREATE INDEX accounts_name_prefix ON accounts (partner_id, lower(name) text_pattern_ops);
CREATE INDEX accounts_by_created ON accounts (partner_id, created_at, id);
CREATE INDEX accounts_search ON accounts USING gin (partner_id, name gin_trgm_ops);
CREATE INDEX accounts_token_prefix ON accounts (partner_id, token text_pattern_ops);
