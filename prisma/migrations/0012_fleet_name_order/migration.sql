-- The console's lists run by name without regard to case, and two typed letters read the beginnings of names.
CREATE INDEX vehicles_in_name_order ON vehicles (account_id, (lower(name) COLLATE "C"), id);
CREATE INDEX contacts_in_name_order ON contacts (account_id, (lower(name) COLLATE "C"), id);
CREATE INDEX contacts_archived ON contacts (account_id, id) WHERE archived_at IS NOT NULL;
