-- The console lists readings by when they were taken; those without a time by the beginning of their day.
CREATE INDEX meter_entries_in_order ON meter_entries (account_id, (COALESCE(taken_at, date::timestamp AT TIME ZONE 'UTC')), id);
CREATE INDEX meter_entries_of_vehicle_in_order ON meter_entries (account_id, vehicle_id, (COALESCE(taken_at, date::timestamp AT TIME ZONE 'UTC')), id);
