-- What the schema language cannot say of the fleet.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- A vehicle has one driver at a time: decided by the database, however many write at once. No start = since ever, no end = for good.
ALTER TABLE vehicle_assignments ADD CONSTRAINT vehicle_assignments_end_after_start CHECK (ended_at > started_at);
ALTER TABLE vehicle_assignments ADD CONSTRAINT vehicle_assignments_no_overlap
  EXCLUDE USING gist (vehicle_id WITH =, tstzrange(started_at, ended_at) WITH &&);

ALTER TABLE vehicles ADD CONSTRAINT vehicles_registration_month CHECK (registration_expiration_month BETWEEN 0 AND 12);
ALTER TABLE vehicles ADD CONSTRAINT vehicles_external_ids_object CHECK (jsonb_typeof(external_ids) = 'object');

-- Lists: one index for each filter and sort of the contract, ending in the id.
CREATE INDEX vehicles_by_created ON vehicles (account_id, created_at, id);
CREATE INDEX vehicles_by_updated ON vehicles (account_id, updated_at, id);
CREATE INDEX vehicles_by_name ON vehicles (account_id, name, id);
CREATE INDEX vehicles_by_plate ON vehicles (account_id, license_plate, id);
CREATE INDEX vehicles_by_type ON vehicles (account_id, vehicle_type_id, id);
CREATE INDEX vehicles_by_status ON vehicles (account_id, vehicle_status_id, id);
-- As an array of texts, of which the server keeps the commonest: it knows how rare a value is.
CREATE FUNCTION texts_in(object jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT ARRAY(SELECT value FROM jsonb_each_text(object)) $$;
CREATE INDEX vehicles_external_ids ON vehicles USING gin (account_id, texts_in(external_ids));
CREATE INDEX vehicles_external_search ON vehicles USING gin (account_id, (jsonb_path_query_array(external_ids, '$.*')::text) gin_trgm_ops);
CREATE INDEX vehicles_search ON vehicles USING gin (account_id, name gin_trgm_ops, vin gin_trgm_ops, license_plate gin_trgm_ops);
CREATE INDEX vehicles_archived ON vehicles (account_id, id) WHERE archived_at IS NOT NULL;

CREATE INDEX contacts_by_created ON contacts (account_id, created_at, id);
CREATE INDEX contacts_by_updated ON contacts (account_id, updated_at, id);
CREATE INDEX contacts_by_name ON contacts (account_id, name, id);
CREATE INDEX contacts_by_email ON contacts (account_id, email, id);
CREATE INDEX contacts_in_email_order ON contacts (account_id, COALESCE(email, ''), id);
CREATE INDEX contacts_in_number_order ON contacts (account_id, COALESCE(employee_number, ''), id);
CREATE INDEX contacts_search ON contacts USING gin (account_id, name gin_trgm_ops, email gin_trgm_ops, employee_number gin_trgm_ops);

CREATE INDEX vehicle_assignments_by_vehicle ON vehicle_assignments (account_id, vehicle_id, started_at, id);
CREATE INDEX vehicle_assignments_by_contact ON vehicle_assignments (account_id, contact_id, started_at, id);
CREATE INDEX vehicle_assignments_by_start ON vehicle_assignments (account_id, started_at, id);
CREATE INDEX vehicle_assignments_by_end ON vehicle_assignments (account_id, ended_at, id);
CREATE INDEX vehicle_assignments_of_vehicle ON vehicle_assignments (account_id, vehicle_id, id);
CREATE INDEX vehicle_assignments_of_contact ON vehicle_assignments (account_id, contact_id, id);
CREATE INDEX vehicle_assignments_in_start_order ON vehicle_assignments (account_id, COALESCE(started_at, '-infinity'::timestamptz), id);
CREATE INDEX vehicle_assignments_in_end_order ON vehicle_assignments (account_id, COALESCE(ended_at, 'infinity'::timestamptz), id);
CREATE INDEX vehicle_assignments_by_created ON vehicle_assignments (account_id, created_at, id);
CREATE INDEX vehicle_assignments_by_updated ON vehicle_assignments (account_id, updated_at, id);

CREATE INDEX meter_entries_by_vehicle ON meter_entries (account_id, vehicle_id, date, id);
CREATE INDEX meter_entries_of_vehicle ON meter_entries (account_id, vehicle_id, id);
CREATE INDEX meter_entries_counted ON meter_entries (account_id, vehicle_id, kind, date, id) WHERE NOT void;
CREATE INDEX meter_entries_by_date ON meter_entries (account_id, date, id);
CREATE INDEX meter_entries_by_created ON meter_entries (account_id, created_at, id);
CREATE INDEX meter_entries_by_updated ON meter_entries (account_id, updated_at, id);

CREATE INDEX fuel_entries_by_vehicle ON fuel_entries (account_id, vehicle_id, date, id);
CREATE INDEX fuel_entries_of_vehicle ON fuel_entries (account_id, vehicle_id, id);
CREATE INDEX fuel_entries_by_date ON fuel_entries (account_id, date, id);
CREATE INDEX fuel_entries_by_created ON fuel_entries (account_id, created_at, id);
CREATE INDEX fuel_entries_by_updated ON fuel_entries (account_id, updated_at, id);
