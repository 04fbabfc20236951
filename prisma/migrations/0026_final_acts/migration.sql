-- Final acts as the log has them, put down in the transaction of the act, until they have been written again with the
-- audit heads: a process that is killed after COMMIT, or a log that takes nothing, then loses none.
CREATE TABLE "final_acts" (
    "hmac" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "final_acts_pkey" PRIMARY KEY ("hmac")
);
