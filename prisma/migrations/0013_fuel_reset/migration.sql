-- AlterTable
ALTER TABLE "fuel_entries" ADD COLUMN "reset" BOOLEAN NOT NULL DEFAULT false;
