import { z } from "zod";

import {
  camelKeys,
  recordId,
  decimalField,
  openField,
  requiredIdField,
  requiredInstantField,
  textField,
  truthField,
} from "@/lib/platform/input-fields";
import { chosenId, datedViewFields } from "@/lib/platform/list-view";

const volumeField = () => decimalField({ digits: 6, scale: 4 });

const meterReading = z
  .object(
    { value: decimalField({ digits: 10, scale: 1 }), void: truthField() },
    'must be an object such as {"value": "1234.5"}',
  )
  .partial();

const newFuelEntry = z
  .object({
    us_gallons: volumeField(),
    uk_gallons: volumeField(),
    liters: volumeField(),
    price_per_volume_unit: decimalField({ digits: 6, scale: 4 }),
    total_amount: decimalField({ digits: 9, scale: 2 }),
    fuel_type_name: textField(),
    partial: truthField(),
    personal: truthField(),
    reset: truthField(),
    reference: textField(),
    vendor_name: textField(),
    external_id: textField(),
    meter_entry_attributes: meterReading.nullable(),
    custom_fields: openField(),
  })
  .partial()
  .extend({ vehicle_id: requiredIdField(), date: requiredInstantField() });

export const createFuelEntryInput = newFuelEntry.transform(camelKeys);
export const fuelEntryChangesInput = newFuelEntry.partial().transform(camelKeys);

export type CreateFuelEntryInput = z.output<typeof createFuelEntryInput>;
export type FuelEntryChangesInput = z.output<typeof fuelEntryChangesInput>;

/** Of the console: the same fields, and no others. */
export const addFuelEntryInput = newFuelEntry.strict().transform(camelKeys);

/** Of the console: an entry's id among the fields to be changed. */
export const editFuelEntryInput = newFuelEntry
  .partial()
  .strict()
  .extend({ id: recordId() })
  .transform(({ id, ...given }) => ({ id, changes: camelKeys(given) }));

/** Of an action that takes only the entry. */
export const fuelEntryRowInput = z.strictObject({ id: recordId() });

/** The list's view as the address holds it. */
export const fuelEntryListQuery = z.object({ ...datedViewFields(), vehicle: chosenId() });
export type FuelEntryListQuery = z.output<typeof fuelEntryListQuery>;

/** A file of what the list shows at that address, on all its pages. */
export const fuelEntryExportInput = fuelEntryListQuery.omit({ direction: true, after: true, before: true }).strict();
export type FuelEntryExportInput = z.output<typeof fuelEntryExportInput>;
