-- CreateEnum
CREATE TYPE "custom_record_type" AS ENUM ('vehicle', 'contact', 'vehicle_assignment', 'fuel_entry');

-- CreateEnum
CREATE TYPE "custom_data_type" AS ENUM ('text', 'drop_down', 'checkbox', 'date');

-- CreateEnum
CREATE TYPE "meter_kind" AS ENUM ('primary', 'secondary');

-- CreateEnum
CREATE TYPE "ownership" AS ENUM ('owned', 'leased', 'rented', 'customer');

-- CreateTable
CREATE TABLE "contacts" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "first_name" TEXT NOT NULL,
    "middle_name" TEXT,
    "last_name" TEXT,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "employee_number" TEXT,
    "job_title" TEXT,
    "mobile_phone_number" TEXT,
    "home_phone_number" TEXT,
    "work_phone_number" TEXT,
    "other_phone_number" TEXT,
    "street_address" TEXT,
    "street_address_line_2" TEXT,
    "city" TEXT,
    "region" TEXT,
    "postal_code" TEXT,
    "country" TEXT,
    "license_number" TEXT,
    "license_class" TEXT,
    "license_state" TEXT,
    "license_expiration" DATE,
    "birth_date" DATE,
    "start_date" DATE,
    "leave_date" DATE,
    "employee" BOOLEAN NOT NULL DEFAULT false,
    "technician" BOOLEAN NOT NULL DEFAULT false,
    "vehicle_operator" BOOLEAN NOT NULL DEFAULT false,
    "custom_fields" JSONB NOT NULL DEFAULT '{}',
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "custom_fields" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "record_type" "custom_record_type" NOT NULL,
    "label" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "data_type" "custom_data_type" NOT NULL,
    "required" BOOLEAN NOT NULL DEFAULT false,
    "choices" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "position" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "custom_fields_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fuel_entries" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "vehicle_id" INTEGER NOT NULL,
    "meter_entry_id" INTEGER,
    "date" TIMESTAMPTZ(3) NOT NULL,
    "fuel_type_name" TEXT,
    "volume" DECIMAL(12,4) NOT NULL,
    "volume_units" "fuel_volume_unit" NOT NULL,
    "price_per_volume_unit" DECIMAL(12,4),
    "total_amount" DECIMAL(12,2),
    "partial" BOOLEAN NOT NULL DEFAULT false,
    "personal" BOOLEAN NOT NULL DEFAULT false,
    "reference" TEXT,
    "vendor_name" TEXT,
    "external_id" TEXT,
    "custom_fields" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fuel_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meter_entries" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "vehicle_id" INTEGER NOT NULL,
    "kind" "meter_kind" NOT NULL DEFAULT 'primary',
    "value" DECIMAL(12,1) NOT NULL,
    "void" BOOLEAN NOT NULL DEFAULT false,
    "date" DATE NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "meter_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_answers" (
    "api_key_id" INTEGER NOT NULL,
    "account_id" INTEGER NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "answer" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_answers_pkey" PRIMARY KEY ("api_key_id","account_id","key_hash")
);

-- CreateTable
CREATE TABLE "api_key_usage_days" (
    "api_key_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "requests" INTEGER NOT NULL,
    "errors" INTEGER NOT NULL,

    CONSTRAINT "api_key_usage_days_pkey" PRIMARY KEY ("api_key_id","day")
);

-- CreateTable
CREATE TABLE "vehicle_assignments" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "vehicle_id" INTEGER NOT NULL,
    "contact_id" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "starting_meter_value" DECIMAL(12,1),
    "starting_meter_void" BOOLEAN NOT NULL DEFAULT false,
    "ending_meter_value" DECIMAL(12,1),
    "ending_meter_void" BOOLEAN NOT NULL DEFAULT false,
    "comments" JSONB NOT NULL DEFAULT '[]',
    "custom_fields" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vehicle_assignments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vehicle_types" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vehicle_types_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vehicle_statuses" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "color" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vehicle_statuses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vehicles" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "vin" TEXT,
    "license_plate" TEXT,
    "make" TEXT,
    "model" TEXT,
    "trim" TEXT,
    "year" INTEGER,
    "color" TEXT,
    "vehicle_type_id" INTEGER NOT NULL,
    "vehicle_status_id" INTEGER NOT NULL,
    "fuel_type_name" TEXT,
    "fuel_volume_units" "fuel_volume_unit" NOT NULL,
    "ownership" "ownership" NOT NULL DEFAULT 'owned',
    "system_of_measurement" "system_of_measurement" NOT NULL,
    "primary_meter_unit" "meter_unit" NOT NULL,
    "primary_meter_value" DECIMAL(12,1) NOT NULL DEFAULT 0,
    "primary_meter_date" DATE,
    "primary_meter_usage_per_day" DECIMAL(12,2),
    "secondary_meter_unit" "meter_unit",
    "secondary_meter_value" DECIMAL(12,1) NOT NULL DEFAULT 0,
    "secondary_meter_date" DATE,
    "secondary_meter_usage_per_day" DECIMAL(12,2),
    "registration_state" TEXT,
    "registration_expiration_month" INTEGER NOT NULL DEFAULT 0,
    "in_service_date" DATE,
    "in_service_meter_value" DECIMAL(12,1),
    "out_of_service_date" DATE,
    "out_of_service_meter_value" DECIMAL(12,1),
    "estimated_service_months" INTEGER,
    "estimated_resale_price" DECIMAL(12,2),
    "estimated_replacement_mileage" DECIMAL(12,1),
    "external_ids" JSONB NOT NULL DEFAULT '{}',
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "custom_fields" JSONB NOT NULL DEFAULT '{}',
    "is_sample" BOOLEAN NOT NULL DEFAULT false,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vehicles_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "contacts_account_id_id_key" ON "contacts"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contacts_account_id_employee_number_key" ON "contacts"("account_id", "employee_number");

-- CreateIndex
CREATE UNIQUE INDEX "custom_fields_account_id_record_type_key_key" ON "custom_fields"("account_id", "record_type", "key");

-- CreateIndex
CREATE UNIQUE INDEX "fuel_entries_meter_entry_id_key" ON "fuel_entries"("meter_entry_id");

-- CreateIndex
CREATE UNIQUE INDEX "fuel_entries_account_id_id_key" ON "fuel_entries"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "meter_entries_account_id_id_key" ON "meter_entries"("account_id", "id");

-- CreateIndex
CREATE INDEX "idempotent_answers_created_at_idx" ON "idempotent_answers"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "vehicle_assignments_account_id_id_key" ON "vehicle_assignments"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "vehicle_types_account_id_id_key" ON "vehicle_types"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "vehicle_types_account_id_name_key" ON "vehicle_types"("account_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "vehicle_statuses_account_id_id_key" ON "vehicle_statuses"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "vehicle_statuses_account_id_name_key" ON "vehicle_statuses"("account_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "vehicles_account_id_id_key" ON "vehicles"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "vehicles_account_id_name_key" ON "vehicles"("account_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "vehicles_account_id_vin_key" ON "vehicles"("account_id", "vin");

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "custom_fields" ADD CONSTRAINT "custom_fields_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fuel_entries" ADD CONSTRAINT "fuel_entries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fuel_entries" ADD CONSTRAINT "fuel_entries_vehicle_fkey" FOREIGN KEY ("account_id", "vehicle_id") REFERENCES "vehicles"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fuel_entries" ADD CONSTRAINT "fuel_entries_meter_entry_id_fkey" FOREIGN KEY ("meter_entry_id") REFERENCES "meter_entries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meter_entries" ADD CONSTRAINT "meter_entries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meter_entries" ADD CONSTRAINT "meter_entries_vehicle_fkey" FOREIGN KEY ("account_id", "vehicle_id") REFERENCES "vehicles"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotent_answers" ADD CONSTRAINT "idempotent_answers_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_usage_days" ADD CONSTRAINT "api_key_usage_days_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicle_assignments" ADD CONSTRAINT "vehicle_assignments_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicle_assignments" ADD CONSTRAINT "vehicle_assignments_vehicle_fkey" FOREIGN KEY ("account_id", "vehicle_id") REFERENCES "vehicles"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicle_assignments" ADD CONSTRAINT "vehicle_assignments_contact_fkey" FOREIGN KEY ("account_id", "contact_id") REFERENCES "contacts"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicle_types" ADD CONSTRAINT "vehicle_types_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicle_statuses" ADD CONSTRAINT "vehicle_statuses_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicles" ADD CONSTRAINT "vehicles_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicles" ADD CONSTRAINT "vehicles_type_fkey" FOREIGN KEY ("account_id", "vehicle_type_id") REFERENCES "vehicle_types"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vehicles" ADD CONSTRAINT "vehicles_status_fkey" FOREIGN KEY ("account_id", "vehicle_status_id") REFERENCES "vehicle_statuses"("account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
