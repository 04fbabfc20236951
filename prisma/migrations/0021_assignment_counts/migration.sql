-- Current, future and past assignments are counted by index alone: start and end stand in it beside what it is ordered by.
DROP INDEX vehicle_assignments_in_start_order;
CREATE INDEX vehicle_assignments_in_start_order
  ON vehicle_assignments (account_id, COALESCE(started_at, '-infinity'::timestamptz), id) INCLUDE (started_at, ended_at);
DROP INDEX vehicle_assignments_in_end_order;
CREATE INDEX vehicle_assignments_in_end_order
  ON vehicle_assignments (account_id, COALESCE(ended_at, 'infinity'::timestamptz), id) INCLUDE (started_at, ended_at);
