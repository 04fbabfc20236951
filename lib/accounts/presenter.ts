import { z } from "zod";

import type { AccountStatus, FuelVolumeUnit, MeterUnit, Plan, SystemOfMeasurement } from "@/generated/prisma/enums";
import type { Role } from "@/lib/auth/permissions";
import { idShape, instantShape, textOrNull } from "@/lib/platform/output-fields";

/** An account as a key sees it. */
export interface AccountRecord {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
  /** The person whom the key acts for there; null for a partner's key, which acts for itself. */
  readonly role: Role | null;
  readonly membershipId: number | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly currencySymbol: string;
  readonly defaultMeterUnit: MeterUnit;
  readonly defaultFuelVolumeUnit: FuelVolumeUnit;
  readonly systemOfMeasurement: SystemOfMeasurement;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** As clients of the wire format compare it. */
const STATES = {
  active: "active",
  trial: "trialing",
  past_due: "past_due",
  suspended: "suspended",
  canceled: "canceled",
} as const satisfies Record<AccountStatus, string>;
const USER_TYPES = { owner: "owner", administrator: "admin", member: "regular" } as const;

const FUEL_VOLUME_UNITS = ["us_gallons", "uk_gallons", "liters"] as const;
const SYSTEMS_OF_MEASUREMENT = ["imperial", "metric"] as const;

export const accountShape = z.strictObject({
  id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  name: z.string(),
  token: z
    .string()
    .regex(/^[0-9a-f]{10}$/)
    .meta({ description: "The account token: what `Account-Token` names." }),
  plan: z.enum(["starter", "professional", "premium"]),
  state: z.enum(["active", "trialing", "past_due", "suspended", "canceled"]),
  user_type: z.enum(["owner", "admin", "regular"]),
  account_membership_id: idShape().nullable(),
  city: textOrNull(),
  country: textOrNull(),
  currency_symbol: z.string(),
  default_meter_unit: z.enum(["km", "hr", "mi"]),
  default_fuel_volume_unit: z.enum(FUEL_VOLUME_UNITS),
  default_fuel_volume_units: z.enum(FUEL_VOLUME_UNITS),
  default_system_of_measurement: z.enum(SYSTEMS_OF_MEASUREMENT),
  system_of_measurement: z.enum(SYSTEMS_OF_MEASUREMENT),
});

export function presentAccount(account: AccountRecord): z.infer<typeof accountShape> {
  return {
    id: account.id,
    created_at: account.createdAt.toISOString(),
    updated_at: account.updatedAt.toISOString(),
    name: account.name,
    token: account.token,
    plan: account.plan,
    state: STATES[account.status],
    // A partner's key is a service user that may do what its scopes say.
    user_type: account.role === null ? "admin" : USER_TYPES[account.role],
    account_membership_id: account.membershipId,
    city: account.city,
    country: account.country,
    currency_symbol: account.currencySymbol,
    default_meter_unit: account.defaultMeterUnit,
    default_fuel_volume_unit: account.defaultFuelVolumeUnit,
    default_fuel_volume_units: account.defaultFuelVolumeUnit,
    default_system_of_measurement: account.systemOfMeasurement,
    system_of_measurement: account.systemOfMeasurement,
  };
}
