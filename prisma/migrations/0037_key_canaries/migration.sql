-- A known text for each key that has encrypted something here: a process that cannot read one of them has not been given
-- every key that it needs, and does not start.
CREATE TABLE "key_canaries" (
  "key_id" BYTEA NOT NULL,
  "sealed" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "key_canaries_pkey" PRIMARY KEY ("key_id")
);
