-- AlterTable
ALTER TABLE "custom_fields" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3);

-- Asked for each record that is read: nearly always empty.
CREATE INDEX custom_fields_deleted ON custom_fields (account_id, record_type, key) WHERE deleted_at IS NOT NULL;
