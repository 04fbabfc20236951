import type { CustomDataType, CustomRecordType } from "@/generated/prisma/enums";
import type { CustomFieldDefinition } from "./policy";

export interface CustomFieldRecord extends CustomFieldDefinition {
  readonly accountId: number;
  readonly position: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** As people read them, and as the API writes them. */
export const DATA_TYPE_NAMES = { text: "Text", drop_down: "Drop-down", checkbox: "Checkbox", date: "Date" } as const satisfies Record<CustomDataType, string>;

const RECORD_TYPE_NAMES = {
  vehicle: "Vehicle",
  contact: "Contact",
  vehicle_assignment: "VehicleAssignment",
  fuel_entry: "FuelEntry",
} as const satisfies Record<CustomRecordType, string>;

export function presentCustomField(field: CustomFieldRecord) {
  return {
    id: field.id,
    account_id: field.accountId,
    created_at: field.createdAt.toISOString(),
    updated_at: field.updatedAt.toISOString(),
    record_type: RECORD_TYPE_NAMES[field.recordType],
    label: field.label,
    key: field.key,
    data_type: DATA_TYPE_NAMES[field.dataType],
    required: field.required,
    choices: [...field.choices],
    position: field.position,
  };
}
