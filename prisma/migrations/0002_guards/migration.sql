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

-- Revoked is final: no statement, of whatever code, brings a key back or changes what it was. Nor one that has expired.
-- What it was used for may still be noted, who revoked it forgotten with the user, and its end written down.
CREATE FUNCTION api_keys_stay_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL AND (NEW.account_id, NEW.name, NEW.prefix, NEW.api_version, NEW.scopes, NEW.all_customers, NEW.allowed_ips,
      NEW.term_months, NEW.term_days, NEW.expires_at, NEW.revoked_at, NEW.revoked_reason, NEW.created_at)
    IS DISTINCT FROM (OLD.account_id, OLD.name, OLD.prefix, OLD.api_version, OLD.scopes, OLD.all_customers, OLD.allowed_ips,
      OLD.term_months, OLD.term_days, OLD.expires_at, OLD.revoked_at, OLD.revoked_reason, OLD.created_at) THEN
    RAISE EXCEPTION 'a revoked API key stays as it is' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.expires_at <= statement_timestamp() AND NEW.expires_at <> OLD.expires_at THEN
    RAISE EXCEPTION 'an expired API key stays expired' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER api_keys_stay_revoked BEFORE UPDATE OF account_id, name, prefix, api_version, scopes, all_customers, allowed_ips,
    term_months, term_days, expires_at, revoked_at, revoked_reason, created_at ON api_keys
  FOR EACH ROW EXECUTE FUNCTION api_keys_stay_revoked();

-- The list: one index per order, ending in the id, so that a keyset page is a range of it.
CREATE INDEX api_keys_by_created ON api_keys (account_id, created_at, id);
CREATE INDEX api_keys_by_expiry ON api_keys (account_id, expires_at, id);
-- By bytes, on every installation: so that the order serves the search for a name's beginning as well.
CREATE INDEX api_keys_by_name ON api_keys (account_id, (lower(name) COLLATE "C"), id);
CREATE INDEX api_keys_by_last_use ON api_keys (account_id, COALESCE(last_used_at, '-infinity'::timestamptz), id);
-- Filters. Few keys are not revoked (at most 50 active): their own small index serves status and counts.
CREATE INDEX api_keys_alive ON api_keys (account_id, expires_at, id) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_by_version ON api_keys (account_id, api_version, created_at, id);
CREATE INDEX api_keys_by_creator ON api_keys (account_id, created_by_id, created_at, id);
CREATE INDEX api_keys_scopes ON api_keys USING gin (account_id, scopes) WITH (gin_pending_list_limit = 128);
-- (A search reads all that is pending of an index: 128 kB at most.)
-- Search: trigrams from three characters on, the order by name below.
CREATE INDEX api_keys_name_trgm ON api_keys USING gin (account_id, name gin_trgm_ops) WITH (gin_pending_list_limit = 128);
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
CREATE INDEX accounts_by_name ON accounts (partner_id, (lower(name) COLLATE "C"), id);
CREATE INDEX accounts_by_created ON accounts (partner_id, created_at, id);
CREATE INDEX accounts_search ON accounts USING gin (partner_id, name gin_trgm_ops) WITH (gin_pending_list_limit = 128);
CREATE INDEX accounts_token_prefix ON accounts (partner_id, token text_pattern_ops);
