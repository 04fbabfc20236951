import { z } from "zod";

import {
  camelKeys,
  decimalField,
  instantField,
  openField,
  recordId,
  requiredIdField,
  requiredTextField,
  truthField,
} from "@/lib/platform/input-fields";
import { chosenId, viewFields } from "@/lib/platform/list-view";
import { ASSIGNMENT_STATES } from "./policy";

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

/** Of the console: the same fields, and no others. */
export const addVehicleAssignmentInput = newVehicleAssignment.strict().transform(camelKeys);

/** Of the console: an assignment's id among the fields to be changed. */
export const editVehicleAssignmentInput = newVehicleAssignment
  .partial()
  .strict()
  .extend({ id: recordId() })
  .transform(({ id, ...given }) => ({ id, changes: camelKeys(given) }));

/** Of an action that takes only the assignment. */
export const vehicleAssignmentRowInput = z.strictObject({ id: recordId() });

const ASSIGNMENT_SORTS = ["started", "ended"] as const;
export type AssignmentSort = (typeof ASSIGNMENT_SORTS)[number];

/** The list's view as the address holds it: the latest first unless told otherwise. */
export const assignmentListQuery = z.object({
  ...viewFields(ASSIGNMENT_SORTS),
  direction: z.enum(["asc", "desc"]).catch("desc"),
  state: z.enum(ASSIGNMENT_STATES).nullable().catch(null),
  vehicle: chosenId(),
  contact: chosenId(),
});
export type AssignmentListQuery = z.output<typeof assignmentListQuery>;

/** A file of what the list shows at that address, on all its pages. */
export const assignmentExportInput = assignmentListQuery
  .omit({ sort: true, direction: true, after: true, before: true })
  .strict();
export type AssignmentExportInput = z.output<typeof assignmentExportInput>;
