-- The audit log's filters: one index for each, ending in the sequence, so that a page is a range of it.
CREATE INDEX audit_entries_by_actor ON audit_entries (account_id, actor_kind, (COALESCE(actor_id, 0)), sequence);
CREATE INDEX audit_entries_by_action ON audit_entries (account_id, action, sequence);
CREATE INDEX audit_entries_by_actor_action ON audit_entries (account_id, actor_kind, (COALESCE(actor_id, 0)), action, sequence);
-- A period becomes a range of sequences by two look-ups in this one.
CREATE INDEX audit_entries_by_time ON audit_entries (account_id, occurred_at, sequence);
-- Search: trigrams of the record's name.
CREATE INDEX audit_entries_name_trgm ON audit_entries USING gin (account_id, record_name gin_trgm_ops);
