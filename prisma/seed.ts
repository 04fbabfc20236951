import path from "node:path";

import type { Account, Prisma, User } from "@/generated/prisma/client";
import type { Role } from "@/lib/auth/permissions";
import { BoundedClient } from "@/lib/platform/database/bounded-client";
import { databaseNow, db } from "@/lib/platform/database/db";
import { fillWhole } from "@/lib/platform/database/embedded-database";
import { env } from "@/lib/platform/env";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeManyApiKeys } from "./bulk/api-keys";
import { makeManyVehicles } from "./bulk/vehicles";
import { CASCADIA_CUSTOMERS, NORTHWIND_CUSTOMERS } from "./demo/customers";
import { makeDemoCredential } from "./demo/credentials";
import { makeDemoFleets } from "./demo/fleet";
import { DEMO_KEY_NAME, makeDemoKeys, northwindKeys } from "./demo/keys";
import { makeAccount, makeMembership, makeUser } from "./factories/accounts-and-keys";

const NORTHWIND = "Northwind Fleet Advisors";
const DAY_MS = 86_400_000;
/** Their own people; the other customers have none yet. */
const CUSTOMERS_WITH_PEOPLE = 4;
const MAX_KEYS = 1_000_000;
const MAX_VEHICLES = 1_000_000;

async function makePerson(
  account: Account,
  role: Role,
  {
    name,
    email,
    limitedTo,
  }: { readonly name: string; readonly email: string; readonly limitedTo?: readonly Account[] },
): Promise<User> {
  const user = await makeUser({ name, email, lastAccountId: account.id });
  await makeMembership({ user, account, role, ...(limitedTo && { limitedTo }) });
  return user;
}

async function makeCustomers(
  partner: Account,
  customers: readonly Pick<Prisma.AccountUncheckedCreateInput, "name">[],
): Promise<Account[]> {
  const made: Account[] = [];
  for (const customer of customers) made.push(await makeAccount({ ...customer, partnerId: partner.id }));
  return made;
}

/** An owner and a member of the customer's own, and a key that the owner made. */
async function populate(customer: Account, index: number, now: Date): Promise<User> {
  const domain = `${customer.name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "-")
    .replaceAll(/^-|-$/g, "")}.example`;
  const owners = ["Grace Okafor", "Henrik Alder", "Lucía Romero", "Tom Calloway"];
  const members = ["Ben Hart", "Sara Lindqvist", "Noah Kim", "Ruth Calloway"];
  const owner = await makePerson(customer, "owner", { name: owners[index] ?? "Owner", email: `owner@${domain}` });
  await makePerson(customer, "member", { name: members[index] ?? "Member", email: `member@${domain}` });
  const lastUse = { at: new Date(now.getTime() - 2 * DAY_MS), ip: "198.51.100.60", client: "curl/8.9.1" };
  await makeDemoKeys(
    customer,
    [{ name: "Vehicle export", createdBy: owner, createdAt: new Date(now.getTime() - 50 * DAY_MS), lastUse }],
    now,
  );
  return owner;
}

async function seedNorthwind(now: Date): Promise<string> {
  const partner = await makeAccount({
    kind: "partner",
    plan: "premium",
    name: NORTHWIND,
    city: "Portland",
    country: "US",
  });
  const customers = await makeCustomers(partner, NORTHWIND_CUSTOMERS);
  await makeDemoFleets(customers, now);
  const olivia = await makePerson(partner, "owner", { name: "Olivia West", email: "owner@northwind.example" });
  const adam = await makePerson(partner, "administrator", { name: "Adam Reyes", email: "admin@northwind.example" });
  await makePerson(partner, "member", { name: "Mia Chen", email: "member@northwind.example" });
  await makePerson(partner, "administrator", {
    name: "Priya Nair",
    email: "limited@northwind.example",
    limitedTo: customers.slice(0, 5),
  });
  const daniel = await makeUser({ name: "Daniel Ortiz", email: "former@northwind.example" });
  for (const [index, customer] of customers.slice(0, CUSTOMERS_WITH_PEOPLE).entries())
    await populate(customer, index, now);
  for (const account of customers.slice(0, 2)) await makeMembership({ user: olivia, account, role: "administrator" });
  const tokens = await makeDemoKeys(partner, northwindKeys({ olivia, adam, daniel }, customers.slice(0, 3), now), now);
  const read = customers.find(({ plan, status }) => plan !== "starter" && status === "active");
  if (read) await makeDemoCredential({ account: partner, createdBy: olivia, customer: read, now });
  return tokens.get(DEMO_KEY_NAME) ?? "";
}

/** Its data must never be seen by anybody of the first. */
async function seedCascadia(now: Date): Promise<void> {
  const partner = await makeAccount({
    kind: "partner",
    plan: "premium",
    name: "Cascadia Fleet Partners",
    city: "Vancouver",
    country: "CA",
  });
  await makeDemoFleets(await makeCustomers(partner, CASCADIA_CUSTOMERS), now);
  const owner = await makePerson(partner, "owner", { name: "Hannah Brook", email: "owner@cascadia.example" });
  await makePerson(partner, "administrator", { name: "Victor Sato", email: "admin@cascadia.example" });
  await makePerson(partner, "member", { name: "Jo Delgado", email: "member@cascadia.example" });
  const days = (count: number) => new Date(now.getTime() - count * DAY_MS);
  const keys = [
    { name: "Cascadia warehouse", createdBy: owner, createdAt: days(200), lastUse: { at: days(1), ip: "192.0.2.200" } },
    { name: "Cascadia billing", createdBy: owner, createdAt: days(120), state: "revoked" as const, revokedBy: owner },
    { name: "Cascadia telematics", createdBy: owner, expiresAt: days(-11) },
  ];
  await makeDemoKeys(partner, keys, now);
}

/** Fills an empty database with what the demo shows. The answer is the one key that may be shown, once. */
export async function seedDemo(): Promise<{ demoToken: string }> {
  const now = await databaseNow();
  const demoToken = await seedNorthwind(now);
  await seedCascadia(now);
  return { demoToken };
}

/** The same for the embedded database, which is begun anew where this is cut off. */
async function seedEmbedded(): Promise<{ demoToken: string }> {
  const client = new BoundedClient({ connectionString: env().DATABASE_URL });
  await client.connect();
  try {
    return await fillWhole(client, seedDemo);
  } finally {
    await client.end();
  }
}

async function seedKeys(count: number, accountToken: string | undefined): Promise<string> {
  const account = await db().account.findFirst({
    where: accountToken ? { token: accountToken } : { kind: "partner", name: NORTHWIND },
    select: {
      id: true,
      name: true,
      token: true,
      memberships: { where: { role: { not: "member" } }, select: { userId: true } },
    },
  });
  if (!account)
    return refuse(
      accountToken
        ? `There is no account with the token ${accountToken}.`
        : "There is no demo data yet: run `npm run seed` first, or name an account with --account.",
    );
  const creators = account.memberships.map(({ userId }) => ({ id: userId }));
  if (creators.length === 0) return refuse(`${account.name} has no owner or administrator who could have made keys.`);
  const startedAt = performance.now();
  await makeManyApiKeys(account, creators, count);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return `Added ${count.toLocaleString("en")} keys to ${account.name} (${account.token}) in ${seconds} s.`;
}

async function seedVehicles(count: number, accountToken: string | undefined): Promise<string> {
  const account = await db().account.findFirst({
    where: accountToken
      ? { token: accountToken, kind: "customer" }
      : { kind: "customer", name: NORTHWIND_CUSTOMERS[0]?.name ?? "" },
    select: { id: true, name: true, token: true },
  });
  if (!account)
    return refuse(
      accountToken
        ? `There is no customer with the token ${accountToken}.`
        : "There is no demo data yet: run `npm run seed` first, or name an account with --account.",
    );
  const startedAt = performance.now();
  await makeManyVehicles(account, count);
  return `Added ${count.toLocaleString("en")} vehicles to ${account.name} (${account.token}) in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`;
}

function refuse(sentence: string): string {
  process.exitCode = 1;
  return sentence;
}

/** What follows `--name`, or after its equals sign. */
function option(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  const given = args[at];
  return given?.includes("=") ? given.slice(given.indexOf("=") + 1) : at < 0 ? undefined : (args[at + 1] ?? "");
}

async function seed(args: readonly string[]): Promise<string> {
  const keys = option(args, "keys");
  if (keys !== undefined) {
    const count = Number(keys);
    if (!Number.isInteger(count) || count < 1 || count > MAX_KEYS)
      return refuse("Say how many keys: `npm run seed -- --keys 100000` (at most 1,000,000).");
    return seedKeys(count, option(args, "account"));
  }
  const vehicles = option(args, "vehicles");
  if (vehicles !== undefined) {
    const count = Number(vehicles);
    if (!Number.isInteger(count) || count < 1 || count > MAX_VEHICLES)
      return refuse("Say how many vehicles: `npm run seed -- --vehicles 100000` (at most 1,000,000).");
    return seedVehicles(count, option(args, "account"));
  }
  const [filled] = await bookkeepingDb().$queryRaw<{ found: boolean }[]>`SELECT EXISTS (SELECT FROM accounts) AS found`;
  if (filled?.found)
    return refuse(
      "This database holds accounts already: demo data goes into an empty one only. `npm run seed -- --keys 100000` adds keys to it.",
    );
  const { demoToken } = await (env().HUB_EMBEDDED ? seedEmbedded() : seedDemo());
  return `Demo data is in. Sign in as owner@northwind.example. An API key made for the demo, shown this once: ${demoToken}`;
}

// The server imports this file as well: it runs by itself only as a script.
if (process.argv[1] === path.join("prisma", "seed.ts")) {
  try {
    console.log(await seed(process.argv.slice(2)));
  } finally {
    await endPools();
  }
}
