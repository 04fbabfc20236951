import { beforeAll, expect, it } from "vitest";

import type { RequestIdentity } from "@/lib/auth/session";
import { downloadContacts } from "@/lib/contacts/downloads";
import { db } from "@/lib/platform/database/db";
import { downloadVehicles } from "@/lib/vehicles/downloads";
import {
  makeAccountWithPeople,
  makeSession,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { IMPORT_WRITERS } from "@/server/import-writers";
import { findImport } from "./queries";
import { defineRunImport } from "./run-import";
import { startImport, uploadImport } from "./service";

const job = defineRunImport(IMPORT_WRITERS, { rowsTogether: 4, rowsAtOnce: 100, mostMs: Infinity });
let from: AccountWithPeople;
let to: AccountWithPeople;

beforeAll(async () => {
  [from, to] = [await makeAccountWithPeople(), await makeAccountWithPeople()];
  for (const { account } of [from, to]) {
    await makeVehicleSettings(account);
    await makeCustomField({ account, label: "Cost Center" });
    await makeCustomField({ account, label: "Snow Tyres", dataType: "checkbox" });
    await makeCustomField({ account, label: "Entry Date", recordType: "contact", dataType: "date" });
  }
});

async function exported(route: typeof downloadVehicles): Promise<string> {
  const sessionToken = await makeSession(from.member);
  const identity: RequestIdentity = { sessionToken, requestedFrom: null, ip: null, requestId: "round-trip" };
  return (await route.invoke(identity, from.account.token, {})).text();
}

/** Imports a file into the other account, its columns as they are matched by themselves. */
async function imported(record: "vehicles" | "contacts", text: string): Promise<string[]> {
  const permit = await permitFor("imports.manage", { user: to.member, account: to.account });
  const { id } = await uploadImport(permit, { record, name: "export.csv" }, Buffer.from(text));
  const { columns } = await findImport(permit, { id }, { rows: null, after: 0 });
  await startImport(permit, { id, columns: [...columns] });
  await job.perform({ id });
  await job.perform({ id });
  const { rows } = await findImport(permit, { id }, { rows: "refused", after: 0 });
  return rows.map(({ refusal }) => refusal ?? "");
}

it("vehicles that were exported can be imported elsewhere, and are the same there", async () => {
  const { account } = from;
  await makeVehicle({
    account,
    name: "=Truck, “1”; second part",
    licensePlate: "-SEA 4711",
    make: "Ford",
    model: "Transit",
    trim: "XL",
    year: 2021,
    color: "@blue",
    fuelTypeName: "Diesel",
    fuelVolumeUnits: "liters",
    ownership: "leased",
    systemOfMeasurement: "metric",
    primaryMeterUnit: "km",
    secondaryMeterUnit: "hr",
    registrationState: "WA",
    registrationExpirationMonth: 7,
    inServiceDate: new Date("2021-02-03"),
    inServiceMeterValue: "12.5",
    outOfServiceDate: new Date("2029-02-28"),
    outOfServiceMeterValue: "250000.0",
    estimatedServiceMonths: 96,
    estimatedResalePrice: "1234.56",
    estimatedReplacementMileage: "240000.0",
    labels: ["Nord", "Süd 2"],
    customFields: { cost_center: "+4711", snow_tyres: true },
  });
  await makeVehicle({ account, name: "Bare", vin: null });
  expect(await imported("vehicles", await exported(downloadVehicles))).toEqual([]);
  const read = async (accountId: number) =>
    (
      await db().vehicle.findMany({
        where: { accountId },
        orderBy: { id: "asc" },
        include: { type: { select: { name: true } }, status: { select: { name: true } } },
      })
    ).map(
      ({ id: _i, accountId: _a, vehicleTypeId: _t, vehicleStatusId: _s, createdAt: _c, updatedAt: _u, ...rest }) => ({
        ...rest,
      }),
    );
  expect(await read(to.account.id)).toEqual(await read(account.id));
});

it("contacts that were exported can be imported elsewhere, and are the same there", async () => {
  const { account } = from;
  await makeContact({
    account,
    firstName: "Dana",
    middleName: "M.",
    lastName: "O'Hara; jr.",
    email: "dana@example.com",
    employeeNumber: "007",
    jobTitle: "Driver",
    mobilePhoneNumber: "+49 30 1",
    homePhoneNumber: "-1",
    workPhoneNumber: "2",
    otherPhoneNumber: "3",
    streetAddress: "1 Main St, Apt “2”",
    streetAddressLine2: "=B2",
    city: "Köln",
    region: "NRW",
    postalCode: "01234",
    country: "Germany",
    licenseNumber: "L-1",
    licenseClass: "B",
    licenseState: "NW",
    licenseExpiration: new Date("2030-01-31"),
    birthDate: new Date("1980-02-29"),
    startDate: new Date("2020-01-01"),
    leaveDate: new Date("2031-12-31"),
    employee: true,
    technician: false,
    vehicleOperator: true,
    customFields: { entry_date: "2020-01-01" },
  });
  await makeContact({ account, firstName: "Bare", lastName: null, vehicleOperator: false });
  expect(await imported("contacts", await exported(downloadContacts))).toEqual([]);
  const read = async (accountId: number) =>
    (await db().contact.findMany({ where: { accountId }, orderBy: { id: "asc" } })).map(
      ({ id: _i, accountId: _a, createdAt: _c, updatedAt: _u, ...rest }) => rest,
    );
  expect(await read(to.account.id)).toEqual(await read(account.id));
});
