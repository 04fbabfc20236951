import { z } from "zod";

import { contactStubShape, presentContactStub, type ContactStubRecord } from "@/lib/contacts/presenter";
import {
  attachmentPermissionsShape,
  countShape,
  customFieldsShape,
  decimalShape,
  idShape,
  instantShape,
  nothing,
  textOrNull,
} from "@/lib/platform/output-fields";
import { presentVehicleStub, vehicleStubShape, type VehicleStubRecord } from "@/lib/vehicles/presenter";

export interface AssignmentComment {
  readonly comment: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The person or key that wrote it. */
  readonly author: string | null;
}

/** Who drives what, when. Exact numbers are texts, as the database writes them: "1234.5". */
export interface VehicleAssignmentRecord {
  readonly id: number;
  readonly accountId: number;
  readonly vehicleId: number;
  readonly contactId: number;
  /** Null = since ever. */
  readonly startedAt: Date | null;
  /** Null = for good. */
  readonly endedAt: Date | null;
  /** By the database's clock, when it was read. */
  readonly isCurrent: boolean;
  readonly isFuture: boolean;
  readonly startingMeterValue: string | null;
  readonly startingMeterVoid: boolean;
  readonly endingMeterValue: string | null;
  readonly endingMeterVoid: boolean;
  readonly comments: readonly AssignmentComment[];
  readonly customFields: Readonly<Record<string, string | boolean | null>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly contact: ContactStubRecord;
  readonly vehicle: VehicleStubRecord;
}

export const vehicleAssignmentShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  vehicle_id: idShape(),
  contact_id: idShape(),
  started_at: instantShape().nullable(),
  ended_at: instantShape().nullable(),
  current: z.boolean(),
  future: z.boolean(),
  custom_fields: customFieldsShape(),
  starting_meter_entry_value: decimalShape().nullable(),
  ending_meter_entry_value: decimalShape().nullable(),
  comments_count: countShape(),
  comments: z.array(z.strictObject({ comment: z.string(), created_at: instantShape(), author: textOrNull() })),
  contact_full_name: z.string(),
  contact_image_url: nothing(),
  attachment_permissions: attachmentPermissionsShape(),
  contact: contactStubShape,
  vehicle: vehicleStubShape,
});

export function presentVehicleAssignment(assignment: VehicleAssignmentRecord): z.infer<typeof vehicleAssignmentShape> {
  return {
    id: assignment.id,
    account_id: assignment.accountId,
    created_at: assignment.createdAt.toISOString(),
    updated_at: assignment.updatedAt.toISOString(),
    vehicle_id: assignment.vehicleId,
    contact_id: assignment.contactId,
    started_at: assignment.startedAt?.toISOString() ?? null,
    ended_at: assignment.endedAt?.toISOString() ?? null,
    current: assignment.isCurrent,
    future: assignment.isFuture,
    custom_fields: { ...assignment.customFields },
    starting_meter_entry_value: assignment.startingMeterValue,
    ending_meter_entry_value: assignment.endingMeterValue,
    comments_count: assignment.comments.length,
    comments: assignment.comments.map(({ comment, createdAt, author }) => ({ comment, created_at: createdAt, author })),
    contact_full_name: assignment.contact.name,
    contact_image_url: null,
    attachment_permissions: {
      read_photos: false,
      manage_photos: false,
      read_documents: false,
      manage_documents: false,
    },
    contact: presentContactStub(assignment.contact),
    vehicle: presentVehicleStub(assignment.vehicle),
  };
}
