-- The API's lists of vehicle types, vehicle statuses and custom fields are filtered and sorted by time, as syncs do.
CREATE INDEX vehicle_types_by_created ON vehicle_types (account_id, created_at, id);
CREATE INDEX vehicle_types_by_updated ON vehicle_types (account_id, updated_at, id);
CREATE INDEX vehicle_statuses_by_created ON vehicle_statuses (account_id, created_at, id);
CREATE INDEX vehicle_statuses_by_updated ON vehicle_statuses (account_id, updated_at, id);
CREATE INDEX custom_fields_by_created ON custom_fields (account_id, created_at, id);
CREATE INDEX custom_fields_by_updated ON custom_fields (account_id, updated_at, id);
