-- What else the API's lists are filtered and sorted by: an index for each, so that it holds at 100,000 records.
CREATE INDEX vehicles_by_make ON vehicles (account_id, make, id);
CREATE INDEX vehicles_by_model ON vehicles (account_id, model, id);
CREATE INDEX vehicles_by_trim ON vehicles (account_id, trim, id);
CREATE INDEX vehicles_by_year ON vehicles (account_id, year, id);
CREATE INDEX vehicles_in_year_order ON vehicles (account_id, COALESCE(year, 0), id);
CREATE INDEX vehicles_details_search ON vehicles
  USING gin (account_id, make gin_trgm_ops, model gin_trgm_ops, trim gin_trgm_ops, labels)
  WITH (gin_pending_list_limit = 128);

CREATE INDEX vehicle_types_search ON vehicle_types USING gin (account_id, name gin_trgm_ops) WITH (gin_pending_list_limit = 128);
CREATE INDEX vehicle_statuses_search ON vehicle_statuses USING gin (account_id, name gin_trgm_ops) WITH (gin_pending_list_limit = 128);

CREATE INDEX contacts_by_operator ON contacts (account_id, vehicle_operator, id);
CREATE INDEX contacts_by_employee ON contacts (account_id, employee, id);
CREATE INDEX contacts_by_technician ON contacts (account_id, technician, id);

-- What the account's vehicles run on, by name: a vehicle and a fuel entry hold the name, as they did before.
CREATE TABLE "fuel_types" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fuel_types_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "fuel_types_account_id_id_key" ON "fuel_types"("account_id", "id");
CREATE UNIQUE INDEX "fuel_types_account_id_name_key" ON "fuel_types"("account_id", "name");
ALTER TABLE "fuel_types" ADD CONSTRAINT "fuel_types_account_id_fkey"
  FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE INDEX fuel_types_by_lower_name ON fuel_types (account_id, lower(name));
CREATE INDEX fuel_types_by_created ON fuel_types (account_id, created_at, id);
CREATE INDEX fuel_types_by_updated ON fuel_types (account_id, updated_at, id);
CREATE INDEX fuel_types_search ON fuel_types USING gin (account_id, name gin_trgm_ops) WITH (gin_pending_list_limit = 128);

INSERT INTO fuel_types (account_id, name)
  SELECT account_id, fuel_type_name FROM vehicles WHERE fuel_type_name IS NOT NULL
  UNION SELECT account_id, fuel_type_name FROM fuel_entries WHERE fuel_type_name IS NOT NULL
  UNION SELECT a.id, usual.name FROM accounts a,
    (VALUES ('Gasoline'), ('Diesel'), ('Electric'), ('Hybrid'), ('Propane'), ('Compressed Natural Gas')) AS usual (name)
    WHERE a.kind = 'customer';

-- Whoever writes a name, the release before as well, finds it among the fuel types afterwards.
CREATE FUNCTION fuel_types_know_the_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fuel_types WHERE account_id = NEW.account_id AND name = NEW.fuel_type_name) THEN
    INSERT INTO fuel_types (account_id, name) VALUES (NEW.account_id, NEW.fuel_type_name) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER vehicles_name_fuel_types AFTER INSERT OR UPDATE OF fuel_type_name ON vehicles
  FOR EACH ROW WHEN (NEW.fuel_type_name IS NOT NULL) EXECUTE FUNCTION fuel_types_know_the_names();
CREATE TRIGGER fuel_entries_name_fuel_types AFTER INSERT OR UPDATE OF fuel_type_name ON fuel_entries
  FOR EACH ROW WHEN (NEW.fuel_type_name IS NOT NULL) EXECUTE FUNCTION fuel_types_know_the_names();
