import { randomUUID } from "node:crypto";

import type { Account } from "@/generated/prisma/client";
import { absentAuthContext } from "@/lib/auth/absent-user";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import { IMPORTED_NOUNS, IMPORTED_RECORDS, RESOURCES, type ImportedNoun, type ImportedRecord } from "@/lib/resources";
import { makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { FLEET } from "@/server/fleet";
import { IMPORT_WRITERS } from "@/server/import-writers";

type Example = Readonly<Record<string, unknown>>;

/** Those that have a factory of their own. */
const WITH_FACTORY: readonly ImportedRecord[] = [
  "vehicles",
  "contacts",
  "vehicle_assignments",
  "meter_entries",
  "fuel_entries",
];
export const OTHER_RECORDS = IMPORTED_RECORDS.filter((record) => !WITH_FACTORY.includes(record));

export function isFleetRecord(name: string): name is ImportedRecord {
  return name in FLEET;
}

/** The noun that a part of a function's name is: the `Vehicle` of `createVehicleAction`. */
export function fleetNoun(name: string): ImportedNoun | null {
  const words = name.charAt(0).toLowerCase() + name.slice(1);
  return IMPORTED_NOUNS.find((noun) => noun === words) ?? null;
}

/** The body that the document shows for adding or changing such a record, of the records that these names stand for. */
export function exampleOf(
  noun: ImportedNoun,
  method: "POST" | "PATCH",
  ids: Readonly<Record<string, number>> = {},
): Example {
  const endpoints = Object.values<Endpoint>(FLEET[RESOURCES[noun].wire]);
  const endpoint = endpoints.find(({ contract, ...one }) => one.method === method && contract.input.body !== undefined);
  const example = endpoint?.contract.input.example as Example | undefined;
  if (example === undefined) throw new Error(`${method} of ${noun} has no example`);
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, ids[name] ?? value]));
}

/** The same of records that the account has; called `name`, where it has one. */
export async function bodyFor(record: ImportedRecord, account: Account, name?: string): Promise<Example> {
  const noun = IMPORTED_NOUNS.find((each) => RESOURCES[each].wire === record);
  if (noun === undefined) throw new Error(`there are no ${record}`);
  const ids = { vehicle_id: (await makeVehicle({ account })).id, contact_id: (await makeContact({ account })).id };
  const body = exampleOf(noun, "POST", ids);
  return name !== undefined && "name" in body ? { ...body, name } : body;
}

/** A record that nothing else makes: as an import adds it, with what the document shows for an example. */
export async function makeExample(
  record: ImportedRecord,
  account: Account,
  name = `Example ${randomUUID()}`,
): Promise<{ id: number }> {
  const { id: userId } = await makePerson(account, "owner");
  const origin = { ip: null, requestId: "example" };
  const { write } = IMPORT_WRITERS[record](await absentAuthContext({ userId, accountId: account.id, origin }));
  const [made] = await write([await bodyFor(record, account, name)]);
  if (made === undefined || !("id" in made)) throw new Error(`no ${record} was made`, { cause: made?.refusal });
  return made;
}
