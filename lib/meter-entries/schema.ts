import { z } from "zod";

import type { MeterKind } from "@/generated/prisma/enums";
import {
  camelKeys,
  recordId,
  requiredDecimalField,
  requiredIdField,
  requiredMomentField,
  truthField,
  type Moment,
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
  date: requiredMomentField(),
  void: truthField().optional(),
  meter_type: meterType.optional(),
});

/** The day, and beside it when on that day, as a reading has them. */
const asReading = <Given extends { date?: Moment | undefined }>({ date, ...given }: Given) =>
  camelKeys({ ...given, ...(date && { date: date.day, taken_at: date.instant }) });
const asNewReading = <Given extends { date: Moment }>({ date, ...given }: Given) =>
  camelKeys({ ...given, date: date.day, taken_at: date.instant });

export const createMeterEntryInput = newMeterEntry.transform(asNewReading);
export const meterEntryChangesInput = newMeterEntry.partial().transform(asReading);

export type CreateMeterEntryInput = z.output<typeof createMeterEntryInput>;
export type MeterEntryChangesInput = z.output<typeof meterEntryChangesInput>;

/** Of the console: the same fields, and no others. */
export const addMeterEntryInput = newMeterEntry.strict().transform(asNewReading);

/** Of the console: an entry's id among the fields to be changed. */
export const editMeterEntryInput = newMeterEntry
  .partial()
  .strict()
  .extend({ id: recordId() })
  .transform(({ id, ...given }) => ({ id, changes: asReading(given) }));

/** Of an action that takes only the entry. */
export const meterEntryRowInput = z.strictObject({ id: recordId() });

/** The list's view as the address holds it. */
export const meterEntryListQuery = z.object({ ...datedViewFields(), vehicle: chosenId() });
export type MeterEntryListQuery = z.output<typeof meterEntryListQuery>;

/** A file of what the list shows at that address, on all its pages. */
export const meterEntryExportInput = meterEntryListQuery.omit({ direction: true, after: true, before: true }).strict();
export type MeterEntryExportInput = z.output<typeof meterEntryExportInput>;
