import { z } from "zod";

import {
  camelKeys,
  decimalField,
  openField,
  requiredIdField,
  requiredInstantField,
  textField,
  truthField,
} from "@/lib/platform/input-fields";

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
