import { z } from "zod";

import type { MeterKind } from "@/generated/prisma/enums";
import {
  camelKeys,
  requiredDayField,
  requiredDecimalField,
  requiredIdField,
  truthField,
} from "@/lib/platform/input-fields";

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
