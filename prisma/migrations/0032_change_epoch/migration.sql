-- Which history the places in the change feed are places of: renewed with the identity (after-restore), and whenever
-- another timeline is seen, since a server that takes over may lack what was told before it did.
ALTER TABLE "database_identity" ADD COLUMN "epoch" UUID NOT NULL DEFAULT gen_random_uuid();

CREATE FUNCTION database_identity_begins_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.epoch := gen_random_uuid();
  RETURN NEW;
END $$;
CREATE TRIGGER database_identity_begins_anew BEFORE UPDATE ON database_identity
  FOR EACH ROW WHEN (OLD.seen_timeline IS DISTINCT FROM NEW.seen_timeline) EXECUTE FUNCTION database_identity_begins_anew();
