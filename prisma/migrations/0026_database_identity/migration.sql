-- Who this database is, by facts that a restore or a copy does not take along: the database's oid, the oid of this very
-- table, and the server's identifier. Every row must say so: one that was restored beside the right one tells as well.
CREATE TABLE "database_identity" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "database_oid" BIGINT NOT NULL,
    "table_oid" BIGINT NOT NULL,
    "system_identifier" TEXT,
    "timeline" INTEGER,
    "seen_timeline" INTEGER,
    "seen_timeline_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "database_identity_pkey" PRIMARY KEY ("id")
);

-- Recorded where the table is made and nowhere else but in after-restore: a process that finds no row knows that a
-- restore is under way.
DO $$
DECLARE
  identifier text;
  line int;
BEGIN
  BEGIN
    SELECT system_identifier::text INTO identifier FROM pg_control_system();
  EXCEPTION WHEN OTHERS THEN identifier := NULL; -- Not every provider lets it be read.
  END;
  BEGIN
    line := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int;
  EXCEPTION WHEN OTHERS THEN line := NULL;
  END;
  INSERT INTO database_identity (database_oid, table_oid, system_identifier, timeline, seen_timeline)
    SELECT oid, 'database_identity'::regclass::oid, identifier, line, line FROM pg_database WHERE datname = current_database();
END $$;
