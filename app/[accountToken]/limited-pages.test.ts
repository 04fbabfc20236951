import { readdirSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { beforeAll, expect, it, vi } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  makeSession,
  makeUser,
} from "@/prisma/factories/accounts-and-keys";
import { makeCredential } from "@/prisma/factories/credentials";

// Patience: the first pages bring every component with them.
vi.setConfig({ testTimeout: 120_000 });

const request = vi.hoisted(() => ({ sessionToken: "" }));

vi.mock("next/headers", () => ({
  cookies: () => Promise.resolve({ get: () => ({ value: request.sessionToken }) }),
  headers: () => Promise.resolve(new Headers()),
}));

const ROOT = import.meta.dirname;
const FILES = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((file) => ["page.tsx", "layout.tsx"].includes(path.basename(file)))
  .sort();

interface Props {
  readonly params: Promise<object>;
  readonly searchParams: Promise<object>;
  readonly children: null;
}
type Route = Readonly<Record<"default" | "generateMetadata", ((props: Props) => unknown) | undefined>>;

function isAsync(type: unknown): type is (props: object) => Promise<unknown> {
  return typeof type === "function" && type.constructor.name === "AsyncFunction";
}

/** All that a page hands to what draws it. */
async function shownBy(file: string, props: Props): Promise<string> {
  const route = (await import(path.join(ROOT, file))) as Route;
  const seen: unknown[] = [];
  try {
    seen.push(await route.generateMetadata?.(props));
    for (let shown = await route.default?.(props); ;) {
      seen.push(shown);
      const { type, props: own } = (shown ?? {}) as { type?: unknown; props?: object };
      if (!isAsync(type)) break;
      shown = await type(own ?? {});
    }
  } catch (error) {
    if (!(error as Error).message.startsWith("NEXT_")) throw error;
    seen.push("no such page");
  }
  return inspect(seen, { depth: 40, maxArrayLength: null, maxStringLength: null });
}

interface Hidden {
  readonly customer: Account;
  readonly creator: User;
  readonly keyIds: readonly number[];
  readonly invited: string;
}

let account: Account;
let hidden: Hidden;
let own: { readonly customer: Account; readonly keyName: string };

beforeAll(async () => {
  const partner = await makePartnerWithPeople();
  const [mine, theirs] = partner.customers;
  account = partner.account;
  const creator = await makeUser({ name: "Canary Creator" });
  const theirOwner = await makePerson(theirs, "owner", { name: "Canary Owner" });
  const keys = [
    await makeApiKey({ account, createdBy: creator, name: "Canary all" }),
    await makeApiKey({ account, createdBy: creator, name: "Canary both", customers: [mine, theirs] }),
    await makeApiKey({ account, createdBy: creator, name: "Canary theirs", customers: [theirs], state: "expiring" }),
    await makeApiKey({
      account,
      createdBy: creator,
      name: "Canary leaked",
      customers: [theirs],
      state: "reportedLeaked",
    }),
    await makeApiKey({ account: theirs, createdBy: theirOwner, name: "Canary of the customer" }),
  ];
  await makeCredential({ account, name: "Canary credential" });
  await makeApiKey({ account, createdBy: partner.limited, name: "Own key", customers: [mine] });
  const invited = "canary-invited@example.com";
  const expiresAt = new Date(4e12);
  await bookkeepingDb().invitation.createMany({
    data: [
      { accountId: account.id, email: invited, role: "member", invitedById: partner.owner.id, expiresAt },
      { accountId: theirs.id, email: `owner-${invited}`, role: "owner", invitedById: partner.owner.id, expiresAt },
    ],
  });
  hidden = { customer: theirs, creator, keyIds: keys.map(({ key }) => key.id), invited };
  own = { customer: mine, keyName: "Own key" };
  request.sessionToken = await makeSession(partner.limited);
}, 60_000);

const views = (file: string) =>
  [
    {},
    { status: "expiring" },
    { status: "revoked", sort: "last_used" },
    { used: "never" },
    { q: "canary" },
    { creator: String(hidden.creator.id) },
  ].slice(0, file.startsWith("api-keys") ? undefined : 1);

it.each(FILES)("%s tells a limited person nothing of another customer", async (file) => {
  const shown: string[] = [];
  for (const view of views(file)) {
    for (const id of hidden.keyIds.slice(0, 2).map(String)) {
      const customer = own.customer.token;
      const params = Promise.resolve({ accountToken: account.token, id, sequence: id, delivery: id, customer });
      shown.push(await shownBy(file, { params, searchParams: Promise.resolve(view), children: null }));
    }
  }
  const shownText = shown.join("\n");
  const { customer, creator } = hidden;
  for (const canary of [customer.name, customer.token, creator.name, creator.email, "Canary ", "canary-invited"])
    expect(shownText.includes(canary), canary).toBe(false);
  if (file.startsWith(path.join("api-keys", "(list)")) && path.basename(file) === "page.tsx")
    expect(shownText).toContain(own.keyName);
});
