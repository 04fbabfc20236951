import type { Account } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { customFieldKey } from "@/lib/custom-fields/policy";
import { defaultVehicleSettings } from "@/lib/vehicles/policy";
import { vinOf } from "@/prisma/bulk/vehicles";

const DAY_MS = 86_400_000;
const WEEKS = 52;

/** Make, model, type, the eight characters its VIN begins with, fuel, and what people call such a vehicle. */
const MODELS = [
  ["Ford", "Transit 250", "Van", "1FTBW2CM", "Gasoline", "Van"],
  ["Ford", "F-150", "Pickup Truck", "1FTFW1ET", "Gasoline", "Pickup"],
  ["Freightliner", "Cascadia", "Semi Truck", "1FUJGLDR", "Diesel", "Tractor"],
  ["Ram", "ProMaster 2500", "Van", "3C6TRVDG", "Gasoline", "Van"],
  ["Chevrolet", "Silverado 2500HD", "Pickup Truck", "1GC1YNEY", "Diesel", "Pickup"],
  ["Ford", "E-Transit", "Van", "1FTBW9CK", "Electric", "Van"],
  ["Toyota", "RAV4 Hybrid", "SUV", "4T3RWRFV", "Gasoline", "Pool car"],
  ["Utility", "3000R Reefer", "Trailer", "1UYVS253", null, "Trailer"],
] as const;
const COLORS = ["White", "Silver", "Blue", "White", "Red", "White"];
const STATUS_OF = [
  "Active",
  "Active",
  "Active",
  "In Shop",
  "Active",
  "Active",
  "Out of Service",
  "Active",
  "Active",
  "Inactive",
];
const FIRST_NAMES = [
  "Alice",
  "Bruno",
  "Carmen",
  "Derek",
  "Elena",
  "Farid",
  "Gwen",
  "Hugo",
  "Ines",
  "Jonas",
  "Keiko",
  "Liam",
  "Marta",
  "Nadia",
  "Owen",
  "Paula",
  "Quinn",
  "Rosa",
  "Stefan",
  "Tara",
  "Umar",
  "Vera",
  "Walter",
  "Ximena",
  "Yusuf",
];
const LAST_NAMES = [
  "Novak",
  "Okoye",
  "Peterson",
  "Quintero",
  "Rossi",
  "Sandoval",
  "Turner",
  "Ueda",
  "Vance",
  "Whitfield",
  "Xu",
  "Young",
  "Zimmer",
];

interface FleetPlan {
  readonly customer: string;
  readonly vehicles: number;
  readonly contacts: number;
  readonly assignments: number;
  readonly region: string;
}

const FLEETS: readonly FleetPlan[] = [
  { customer: "Harbor Point Logistics", vehicles: 60, contacts: 25, assignments: 120, region: "OR" },
  { customer: "Alder & Sons Plumbing", vehicles: 8, contacts: 6, assignments: 12, region: "WA" },
  { customer: "Okanagan Orchard Transport", vehicles: 5, contacts: 4, assignments: 6, region: "BC" },
];

/** Types and statuses for every customer. */
async function makeSettings(customers: readonly Account[]): Promise<void> {
  const { types, statuses } = defaultVehicleSettings();
  const ofEach = <Setting>(settings: readonly Setting[]) =>
    customers.flatMap(({ id: accountId }) => settings.map((setting) => ({ ...setting, accountId })));
  await bookkeepingDb().vehicleType.createMany({ data: ofEach(types) });
  await bookkeepingDb().vehicleStatus.createMany({ data: ofEach(statuses) });
}

async function makeVehicles(account: Account, { vehicles, region }: FleetPlan, now: Date): Promise<number[]> {
  const where = { accountId: account.id };
  const types = new Map((await bookkeepingDb().vehicleType.findMany({ where })).map(({ name, id }) => [name, id]));
  const statuses = new Map((await bookkeepingDb().vehicleStatus.findMany({ where })).map(({ name, id }) => [name, id]));
  const data = Array.from({ length: vehicles }, (_, index) => {
    const [make, model, type, start, fuelTypeName, word] = MODELS[index % MODELS.length] ?? MODELS[0];
    const year = 2018 + (index % 8);
    const createdAt = new Date(now.getTime() - (700 - index * 5) * DAY_MS);
    return {
      accountId: account.id,
      name: `${word} ${String(101 + index)}`,
      vin: vinOf(start, year, account.id * 1000 + index * 37 + 104_211),
      licensePlate: `${region} ${String.fromCharCode(65 + (index % 26))}${String(1000 + ((index * 773) % 9000))}`,
      make,
      model,
      year,
      color: COLORS[index % COLORS.length] ?? "White",
      vehicleTypeId: types.get(type) ?? 0,
      vehicleStatusId: statuses.get(STATUS_OF[index % STATUS_OF.length] ?? "Active") ?? 0,
      fuelTypeName,
      fuelVolumeUnits: account.defaultFuelVolumeUnit,
      ownership: index % 5 === 4 ? ("leased" as const) : ("owned" as const),
      systemOfMeasurement: account.systemOfMeasurement,
      primaryMeterUnit: account.defaultMeterUnit,
      registrationState: region,
      registrationExpirationMonth: 1 + (index % 12),
      inServiceDate: new Date(Date.UTC(year, index % 12, 1 + (index % 28))),
      inServiceMeterValue: index % 3 === 0 ? 12 : 0,
      externalIds: index % 2 === 0 ? { telematics: `TX-${account.id}-${String(index + 1).padStart(4, "0")}` } : {},
      customFields: { cost_center: `CC-${String(10 + (index % 6))}` },
      archivedAt: index % 20 === 19 ? new Date(now.getTime() - 30 * DAY_MS) : null,
      createdAt,
      updatedAt: createdAt,
    };
  });
  return (await bookkeepingDb().vehicle.createManyAndReturn({ data, select: { id: true } })).map(({ id }) => id);
}

async function makeContacts(account: Account, { contacts, region }: FleetPlan, now: Date): Promise<number[]> {
  const domain = `${account.name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}.example`;
  const data = Array.from({ length: contacts }, (_, index) => {
    const firstName = FIRST_NAMES[index % FIRST_NAMES.length] ?? "Alice";
    const lastName = LAST_NAMES[(index * 5) % LAST_NAMES.length] ?? "Novak";
    const createdAt = new Date(now.getTime() - (600 - index * 9) * DAY_MS);
    return {
      accountId: account.id,
      firstName,
      lastName,
      name: `${firstName} ${lastName}`,
      email: `${firstName}.${lastName}@${domain}`.toLowerCase(),
      employeeNumber: String(2001 + index),
      jobTitle: index % 9 === 8 ? "Technician" : index % 9 === 7 ? "Dispatcher" : "Driver",
      mobilePhoneNumber: `+1 555 01${String(index).padStart(2, "0")}`,
      licenseNumber: `${region}${String(4_000_000 + index * 7919)}`,
      licenseClass: index % 3 === 0 ? "A" : "C",
      licenseState: region,
      employee: true,
      technician: index % 9 === 8,
      vehicleOperator: index % 9 < 7,
      createdAt,
      updatedAt: createdAt,
    };
  });
  return (await bookkeepingDb().contact.createManyAndReturn({ data, select: { id: true } })).map(({ id }) => id);
}

/** One after the other for each vehicle; the last of most is still going on, of some it is yet to come. */
async function makeAssignments(
  account: Account,
  count: number,
  { vehicleIds, contactIds }: { readonly vehicleIds: readonly number[]; readonly contactIds: readonly number[] },
  now: Date,
): Promise<void> {
  const days = (ago: number, hour: number) =>
    new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - ago * DAY_MS + hour * 3_600_000);
  const data = Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / vehicleIds.length);
    const vehicle = index % vehicleIds.length;
    const startedAt = round === 0 ? days(330 - vehicle, 7) : vehicle % 15 === 14 ? days(-7, 7) : days(120 - vehicle, 7);
    const endedAt =
      round === 0 ? days(130 - vehicle, 17) : vehicle % 10 === 9 ? new Date(startedAt.getTime() + 21 * DAY_MS) : null;
    return {
      accountId: account.id,
      vehicleId: vehicleIds[vehicle] ?? 0,
      contactId: contactIds[(vehicle + round * 7) % contactIds.length] ?? 0,
      startedAt,
      endedAt,
      createdAt: startedAt < now ? startedAt : now,
      updatedAt: startedAt < now ? startedAt : now,
    };
  });
  await bookkeepingDb().vehicleAssignment.createMany({ data });
}

/** A year of weekly fuelling with the meter read each time; trailers have no meter that anybody reads. */
async function makeEntries(account: Account): Promise<void> {
  await bookkeepingDb().$executeRaw`
    INSERT INTO meter_entries (account_id, vehicle_id, value, date, created_at, updated_at)
    SELECT v.account_id, v.id, (2026 - v.year) * 9000 + 4000 + week * (140 + v.id % 9 * 25) + (week * 37 + v.id * 11) % 90 + 0.1 * (week % 10), moment::date, moment, moment
    FROM vehicles v, generate_series(0, ${WEEKS}::int) week,
      LATERAL (SELECT date_trunc('day', now()) - make_interval(days => (${WEEKS}::int - week) * 7 + v.id % 5 + 1, hours => -(6 + v.id % 11)) AS moment) m
    WHERE v.account_id = ${account.id} AND v.fuel_type_name IS NOT NULL
    ORDER BY m.moment, v.id`;
  await bookkeepingDb().$executeRaw`
    INSERT INTO fuel_entries (account_id, vehicle_id, meter_entry_id, date, fuel_type_name, volume, volume_units, price_per_volume_unit, total_amount,
      partial, reference, vendor_name, created_at, updated_at)
    SELECT account_id, vehicle_id, id, created_at, fuel_type_name, volume, units, price, round(volume * price, 2), id % 17 = 0, 'R-' || id,
      (ARRAY['Harbor Fuel', 'Summit Truck Stop', 'Greenline', 'Depot pump'])[1 + id % 4], created_at, created_at
    FROM (
      SELECT m.*, v.fuel_type_name, v.fuel_volume_units AS units,
        round((9 + (m.id * 13) % 110 / 10.0) * CASE WHEN v.fuel_volume_units = 'liters' THEN 3.785 ELSE 1 END, 3) AS volume,
        round((3.4 + (m.id * 7) % 60 / 100.0) / CASE WHEN v.fuel_volume_units = 'liters' THEN 2.6 ELSE 1 END, 3) AS price
      FROM meter_entries m JOIN vehicles v ON v.account_id = m.account_id AND v.id = m.vehicle_id
      WHERE m.account_id = ${account.id} AND v.fuel_type_name <> 'Electric'
      ORDER BY m.id
    ) fuelled`;
  // What lib/vehicles/policy.meterFacts says of each, for all at once.
  await bookkeepingDb().$executeRaw`
    UPDATE vehicles v SET primary_meter_value = latest.value, primary_meter_date = latest.date, primary_meter_usage_per_day = latest.usage, updated_at = greatest(v.updated_at, latest.moment)
    FROM (
      SELECT vehicle_id, max(value) AS value, max(date) AS date, max(created_at) AS moment, round((max(value) - min(value)) / (max(date) - min(date)), 2) AS usage
      FROM (SELECT *, row_number() OVER (PARTITION BY vehicle_id ORDER BY date DESC, id DESC) AS place FROM meter_entries WHERE account_id = ${account.id}) ranked
      WHERE place <= 20 GROUP BY vehicle_id
    ) latest
    WHERE v.account_id = ${account.id} AND v.id = latest.vehicle_id`;
}

async function makeCustomFields(account: Account): Promise<void> {
  const texts = ["Keycafe Access Instructions", "Keycafe Access Link", "Keycafe Access Code"];
  await bookkeepingDb().customField.createMany({
    data: [
      {
        accountId: account.id,
        recordType: "vehicle",
        label: "Cost Center",
        key: "cost_center",
        dataType: "text",
        position: 1,
      },
      {
        accountId: account.id,
        recordType: "vehicle",
        label: "Liftgate",
        key: "liftgate",
        dataType: "checkbox",
        position: 2,
      },
      {
        accountId: account.id,
        recordType: "contact",
        label: "Home Depot",
        key: "home_depot",
        dataType: "drop_down",
        choices: ["North", "South", "Harbor"],
        position: 1,
      },
      ...texts.map((label, index) => ({
        accountId: account.id,
        recordType: "vehicle_assignment" as const,
        label,
        key: customFieldKey(label),
        dataType: "text" as const,
        position: index + 1,
      })),
    ],
  });
}

/** Settings for every one of these customers, and a fleet with a year's history for those that have one. */
export async function makeDemoFleets(customers: readonly Account[], now: Date): Promise<void> {
  await makeSettings(customers);
  for (const plan of FLEETS) {
    const account = customers.find(({ name }) => name === plan.customer);
    if (account === undefined) continue;
    const vehicleIds = await makeVehicles(account, plan, now);
    const contactIds = await makeContacts(account, plan, now);
    await makeAssignments(account, plan.assignments, { vehicleIds, contactIds }, now);
    await makeEntries(account);
    await makeCustomFields(account);
  }
}
