-- What asks hosts of others goes in steps, in places beside the queue: the next one of each run.
CREATE TABLE "run_steps" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_steps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "run_steps_name_subject_id_key" ON "run_steps"("name", "subject_id");

-- CreateIndex
CREATE INDEX "run_steps_due_at_id_idx" ON "run_steps"("due_at", "id");

-- AddForeignKey
ALTER TABLE "run_steps" ADD CONSTRAINT "run_steps_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
