import type { Account, User } from "@/generated/prisma/client";
import type { DomainEvent } from "@/lib/audit-log/events";
import { appendEntries } from "@/lib/audit-log/mutate";
import { READ_SCOPES } from "@/lib/auth/scopes";
import { authorize, type Permit } from "@/lib/auth/permit";
import { writeTransaction } from "@/lib/platform/database/write-db";
import { suppressPastNotices } from "@/testing/suppress-past-notices";
import { makeApiKey, type ApiKeyChoice, type MadeApiKey } from "@/prisma/factories/accounts-and-keys";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Something that a person, or the hub itself (null), did in the past, for the audit log to tell. */
interface Deed {
  readonly at: Date;
  readonly by: User | null;
  readonly event: DomainEvent;
}

/** The permit that was had then. */
function pastPermit(account: Account, by: User | null): Permit<"apiKeys.issue" | "events.publish"> {
  const origin = { ip: null, requestId: null };
  if (by === null)
    return authorize({ actor: { kind: "system", name: "Fleet Advisor Hub" }, account: null, origin }, "events.publish");
  const { id, name, email } = by;
  const actor = {
    kind: "user",
    userId: id,
    name,
    email,
    role: "owner",
    sessionId: 0,
    signedInRecently: true,
    customerLimit: null,
  } as const;
  return authorize({ actor, account, origin: { ...origin, ip: "203.0.113.20" } }, "apiKeys.issue");
}

/** Writes the deeds into the account's chain in the order in which they happened. */
export async function recordDeeds(account: Account, deeds: readonly Deed[]): Promise<void> {
  const ordered = [...deeds].sort((a, b) => a.at.getTime() - b.at.getTime());
  await writeTransaction(async (tx) => {
    for (const { at, by, event } of ordered)
      await appendEntries(tx, pastPermit(account, by), { accountId: account.id, events: [event], now: at });
  });
}

export interface DemoKey extends Omit<ApiKeyChoice, "account" | "createdBy" | "customers" | "revokedBy" | "now"> {
  readonly name: string;
  readonly createdBy: User;
  readonly customers?: readonly Account[];
  readonly revokedBy?: User;
  readonly renewedAt?: Date;
  readonly regeneratedAt?: Date;
}

function deedsOf(made: MadeApiKey, demo: DemoKey, now: Date): Deed[] {
  const { key } = made;
  const record = { type: "apiKey", id: key.id, name: key.name } as const;
  const by = demo.createdBy;
  const { prefix, apiVersion, scopes, allowedIps } = key;
  const customers = key.allCustomers ? "all" : (demo.customers ?? []).map(({ token }) => token);
  const after = { prefix, apiVersion, scopes, expiresAt: key.expiresAt.toISOString(), customers, allowedIps };
  const deeds: Deed[] = [{ at: key.createdAt, by, event: { name: "apiKey.created", record, after } }];
  if (demo.renewedAt) {
    deeds.push({
      at: demo.renewedAt,
      by,
      event: { name: "apiKey.renewed", record, after: { expiresAt: key.expiresAt.toISOString() } },
    });
  }
  if (demo.regeneratedAt) {
    deeds.push({ at: demo.regeneratedAt, by, event: { name: "apiKey.regenerated", record, after: { prefix } } });
  }
  if (key.revokedAt && key.revokedReason) {
    const revoker = key.revokedReason === "by_hand" ? (demo.revokedBy ?? by) : null;
    deeds.push({
      at: key.revokedAt,
      by: revoker,
      event: { name: "apiKey.revoked", record, after: { reason: key.revokedReason } },
    });
  }
  if (key.revokedAt === null && key.expiresAt <= now) {
    const after = { reason: "expired", expiredAt: key.expiresAt.toISOString() };
    deeds.push({ at: key.expiresAt, by: null, event: { name: "apiKey.expired", record, after } });
  }
  return deeds;
}

/** Makes the keys of one account, oldest first, and their history. The answer holds each token by the key's name. */
export async function makeDemoKeys(
  account: Account,
  keys: readonly DemoKey[],
  now: Date,
): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  const deeds: Deed[] = [];
  for (const demo of keys) {
    const made = await makeApiKey({ ...demo, account, now });
    tokens.set(demo.name, made.token);
    deeds.push(...deedsOf(made, demo, now));
  }
  await recordDeeds(account, deeds);
  await suppressPastNotices(account, now);
  return tokens;
}

interface NorthwindPeople {
  readonly olivia: User;
  readonly adam: User;
  /** Created a key and has left since. */
  readonly daniel: User;
}

export const DEMO_KEY_NAME = "Demo: first request";

/** Instants around the seed's own. */
function clockAt(now: Date) {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const days = (count: number) => ago(count * DAY_MS);
  return {
    ago,
    days,
    inDays: (count: number) => days(-count),
    used: (ms: number, ip: string, client: string) => ({ at: ago(ms), ip, client }),
  };
}

type DemoClock = ReturnType<typeof clockAt>;

const [minute, hour] = [MINUTE_MS, 60 * MINUTE_MS];

/** Expired, revoked by hand, reported leaked. */
function endedKeys({ olivia, adam, daniel }: NorthwindPeople, { days, used }: DemoClock): DemoKey[] {
  return [
    {
      name: "Old intranet",
      createdBy: olivia,
      state: "expired",
      expiresAt: days(262),
      apiVersion: "2023-03-01",
      lastUse: used(263 * DAY_MS, "192.0.2.10", "Java/11.0.22"),
    },
    {
      name: "Pilot dashboard",
      createdBy: adam,
      state: "revoked",
      createdAt: days(295),
      revokedAt: days(40),
      revokedBy: olivia,
      apiVersion: "2024-06-30",
      scopes: ["vehicles.read", "meter_entries.read"],
      lastUse: used(40 * DAY_MS, "198.51.100.3", "axios/1.7.2"),
    },
    {
      name: "Parts ordering bot",
      createdBy: daniel,
      state: "reportedLeaked",
      createdAt: days(210),
      revokedAt: days(9),
      scopes: ["vehicles.read", "vehicles.write"],
      lastUse: used(9 * DAY_MS, "198.51.100.77", "curl/8.9.1"),
    },
  ];
}

/** With 2, 20 and 80 days to go. */
function expiringKeys({ olivia, adam }: NorthwindPeople, { inDays, used }: DemoClock): DemoKey[] {
  return [
    {
      name: "Nexla connector",
      createdBy: adam,
      expiresAt: inDays(2),
      apiVersion: "2024-03-15",
      scopes: READ_SCOPES,
      lastUse: used(hour, "192.0.2.88", "Apache-HttpClient/5.3"),
    },
    {
      name: "Reporting script",
      createdBy: olivia,
      expiresAt: inDays(20),
      apiVersion: "2024-06-30",
      scopes: READ_SCOPES.slice(0, 4),
      lastUse: used(DAY_MS, "198.51.100.24", "python-requests/2.32.3"),
    },
    {
      name: "Telematics bridge",
      createdBy: olivia,
      expiresAt: inDays(80),
      scopes: ["vehicles.read", "meter_entries.read", "meter_entries.write"],
      lastUse: used(12_000, "2001:db8::7", "Go-http-client/2.0"),
    },
  ];
}

/** In use for months. */
function settledKeys({ olivia, adam, daniel }: NorthwindPeople, { days, inDays, used }: DemoClock): DemoKey[] {
  return [
    {
      name: "Maintenance planner",
      createdBy: daniel,
      createdAt: days(190),
      scopes: ["vehicles.read", "meter_entries.read"],
      lastUse: used(3 * hour, "203.0.113.52", "okhttp/4.12.0"),
    },
    {
      name: "Fuel card import",
      createdBy: adam,
      createdAt: days(300),
      expiresAt: inDays(209),
      renewedAt: days(156),
      scopes: ["fuel_entries.write"],
      lastUse: used(4 * hour, "203.0.113.40", "python-requests/2.32.3"),
    },
    {
      name: "Payroll export",
      createdBy: olivia,
      createdAt: days(140),
      apiVersion: "2024-06-30",
      scopes: ["contacts.read"],
      lastUse: used(104 * DAY_MS, "203.0.113.61", "PowerShell/7.4"),
    },
  ];
}

/** Restricted, regenerated with an overlap, never used, and the one for the first request. */
function recentKeys(
  { olivia, adam }: NorthwindPeople,
  chosen: readonly Account[],
  { ago, days, inDays, used }: DemoClock,
): DemoKey[] {
  return [
    {
      name: "Website inventory sync",
      createdBy: olivia,
      createdAt: days(80),
      lastUse: used(3 * minute, "203.0.113.7", "node-fetch/3.3.2"),
    },
    {
      name: "Insurance pilot",
      createdBy: adam,
      createdAt: days(33),
      termMonths: 6,
      customers: chosen,
      allowedIps: ["198.51.100.0/24", "2001:db8:40::/48"],
      scopes: ["vehicles.read", "contacts.read"],
      lastUse: used(2 * DAY_MS, "198.51.100.9", "Ruby/3.3.4"),
    },
    {
      name: "Driver app",
      createdBy: adam,
      createdAt: days(61),
      regeneratedAt: days(1),
      oldTokenUntil: inDays(6),
      scopes: ["vehicles.read", "vehicle_assignments.read", "vehicle_assignments.write"],
      lastUse: used(41 * minute, "203.0.113.93", "Dart/3.4"),
    },
    {
      name: "Keycafe",
      createdBy: adam,
      createdAt: ago(20 * minute),
      scopes: ["vehicles.read", "vehicle_assignments.read"],
    },
    { name: DEMO_KEY_NAME, createdBy: olivia, createdAt: ago(minute), termMonths: 3 },
  ];
}

/** Every state that a key can be in, by when they were made. */
export function northwindKeys(people: NorthwindPeople, chosen: readonly Account[], now: Date): DemoKey[] {
  const clock = clockAt(now);
  return [
    ...endedKeys(people, clock),
    ...expiringKeys(people, clock),
    ...settledKeys(people, clock),
    ...recentKeys(people, chosen, clock),
  ];
}
