import { z } from "zod";

import type { CustomRecordType } from "@/generated/prisma/enums";
import { countShape, idShape, instantShape } from "@/lib/platform/output-fields";
import { DATA_TYPE_NAMES, type CustomFieldDefinition } from "./policy";

export interface CustomFieldRecord extends CustomFieldDefinition {
  readonly accountId: number;
  readonly position: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const RECORD_TYPE_NAMES = {
  vehicle: "Vehicle",
  contact: "Contact",
  vehicle_assignment: "VehicleAssignment",
  fuel_entry: "FuelEntry",
} as const satisfies Record<CustomRecordType, string>;

export const customFieldShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  record_type: z.enum(["Vehicle", "Contact", "VehicleAssignment", "FuelEntry"]),
  label: z.string(),
  key: z.string().meta({ description: "The name of its values in `custom_fields`." }),
  data_type: z.enum(["Text", "Drop-down", "Checkbox", "Date"]),
  required: z.boolean(),
  choices: z.array(z.string()),
  position: countShape(),
});

export function presentCustomField(field: CustomFieldRecord): z.infer<typeof customFieldShape> {
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
