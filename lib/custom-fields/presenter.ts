import { z } from "zod";

import type { CustomRecordType } from "@/generated/prisma/enums";
import { countShape, idShape, instantShape } from "@/lib/platform/output-fields";
import { camelCase, capitalised } from "@/lib/platform/name-cases";
import { CUSTOMISED_RECORDS } from "@/lib/resources";
import { DATA_TYPE_NAMES, type CustomFieldDefinition } from "./policy";

export interface CustomFieldRecord extends CustomFieldDefinition {
  readonly accountId: number;
  readonly position: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** `vehicle_assignment` → `VehicleAssignment` */
function recordTypeName(recordType: CustomRecordType): string {
  return capitalised(camelCase(recordType));
}

export const customFieldShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  record_type: z.enum(CUSTOMISED_RECORDS.map(recordTypeName)),
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
    record_type: recordTypeName(field.recordType),
    label: field.label,
    key: field.key,
    data_type: DATA_TYPE_NAMES[field.dataType],
    required: field.required,
    choices: [...field.choices],
    position: field.position,
  };
}
