import { z } from "zod";

import {
  camelKeys,
  decimalField,
  instantField,
  openField,
  requiredIdField,
  requiredTextField,
  truthField,
} from "@/lib/platform/input-fields";

const LONGEST_COMMENT = 5000;

/** A reading of the vehicle's meter at one end of the assignment. */
const meterReading = z
  .object(
    { value: decimalField({ digits: 10, scale: 1 }), void: truthField() },
    'must be an object such as {"value": "1234.5"}',
  )
  .partial();

const comment = z.object({ comment: requiredTextField(LONGEST_COMMENT) }, 'must be an object such as {"comment": "…"}');

const newVehicleAssignment = z
  .object({
    started_at: instantField(),
    ended_at: instantField(),
    starting_meter_entry_attributes: meterReading.nullable(),
    ending_meter_entry_attributes: meterReading.nullable(),
    comments_attributes: z
      .array(comment, "must be a list of comments")
      .max(100, "takes at most 100 at a time")
      .nullable(),
    custom_fields: openField(),
  })
  .partial()
  .extend({ vehicle_id: requiredIdField(), contact_id: requiredIdField() });

export const createVehicleAssignmentInput = newVehicleAssignment.transform(camelKeys);
export const vehicleAssignmentChangesInput = newVehicleAssignment.partial().transform(camelKeys);

export type CreateVehicleAssignmentInput = z.output<typeof createVehicleAssignmentInput>;
export type VehicleAssignmentChangesInput = z.output<typeof vehicleAssignmentChangesInput>;
