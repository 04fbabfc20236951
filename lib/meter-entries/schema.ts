import { z } from "zod";

import type { MeterKind } from "@/generated/prisma/enums";
import {
  camelKeys,
  recordId,
  requiredDayField,
  requiredDecimalField,
  requiredIdField,
  truthField,
} from "@/lib/platform/input-fields";
import { chosenId, datedViewFields } from "@/lib/platform/list-view";

/** Clients leave it out, or send null or nothing, for the primary meter. */
const meterType = z
  .enum(["primary", "secondary", ""], "must be primary or secondary")
  .nullable()
  .transform((given): MeterKind => (given === "secondary" ? "secondary" : "primary"));

const newMeterEntry = z.object({
  vehicle_id: requiredIdField(),
  value: requiredDecimalField({ digits: 10, scale: 1 }),
  date: requiredDayField(),
  void: truthField().optional(),
  meter_type: meterType.optional(),
});

export const createMeterEntryInput = newMeterEntry.transform(camelKeys);
export const meterEntryChangesInput = newMeterEntry.partial().transform(camelKeys);

export type CreateMeterEntryInput = z.output<typeof createMeterEntryInput>;
export type MeterEntryChangesInput = z.output<typeof meterEntryChangesInput>;

/** Of the console: the same fields, and no others. */
export const addMeterEntryInput = newMeterEntry.strict().transform(camelKeys);

/** Of the console: an entry's id among the fields to be changed. */
export const editMeterEntryInput = newMeterEntry
  .partial()
  .strict()
  .extend({ id: recordId() })
  .transform(({ id, ...given }) => ({ id, changes: camelKeys(given) }));

/** Of an action that takes only the entry. */
export const meterEntryRowInput = z.strictObject({ id: recordId() });

/** The list's view as the address holds it. */
export const meterEntryListQuery = z.object({ ...datedViewFields(), vehicle: chosenId() });
export type MeterEntryListQuery = z.output<typeof meterEntryListQuery>;

/** A file of what the list shows at that address, on all its pages. */
export const meterEntryExportInput = meterEntryListQuery.omit({ direction: true, after: true, before: true }).strict();
export type MeterEntryExportInput = z.output<typeof meterEntryExportInput>;
