-- CreateEnum
CREATE TYPE "import_record" AS ENUM ('vehicles', 'contacts', 'vehicle_assignments', 'meter_entries', 'fuel_entries');

-- CreateTable
CREATE TABLE "imports" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "record" "import_record" NOT NULL,
    "file_name" TEXT NOT NULL,
    "headers" TEXT[],
    "columns" JSONB NOT NULL,
    "row_count" INTEGER NOT NULL,
    "added_count" INTEGER NOT NULL DEFAULT 0,
    "refused_count" INTEGER NOT NULL DEFAULT 0,
    "last_row" INTEGER NOT NULL DEFAULT 0,
    "started_from" TEXT,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "stopped_because" TEXT,

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_rows" (
    "account_id" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "cells" TEXT[],
    "record_id" INTEGER,
    "refusal" TEXT,

    CONSTRAINT "import_rows_pkey" PRIMARY KEY ("account_id","import_id","number")
);

-- CreateIndex
CREATE UNIQUE INDEX "imports_account_id_id_key" ON "imports"("account_id", "id");

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_account_id_import_id_fkey" FOREIGN KEY ("account_id", "import_id") REFERENCES "imports"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The refused rows of a report.
CREATE INDEX import_rows_refused ON import_rows (account_id, import_id, number) WHERE refusal IS NOT NULL;
