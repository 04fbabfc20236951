import { Client } from "pg";
import { isValidElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { ChangeOverNotice } from "@/components/shell/change-over-notice";
import type { Account, User } from "@/generated/prisma/client";
import { databaseIdentity } from "@/lib/platform/database/identity";
import {
  makePartnerWithPeople,
  makePerson,
  makeSession,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { useOwnDatabase } from "@/testing/own-database";
import SpaceLayout from "./layout";

// Patience: the layout brings every component of the frame with it.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const request = vi.hoisted(() => ({ sessionToken: "" }));

vi.mock("next/headers", () => ({
  cookies: () => Promise.resolve({ get: () => ({ value: request.sessionToken }) }),
  headers: () => Promise.resolve(new Headers()),
}));

let drop: () => Promise<void>;
let client: Client;
let partner: PartnerWithPeople;
let customersOwner: User;

beforeAll(async () => {
  drop = await useOwnDatabase("layout");
  client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  partner = await makePartnerWithPeople();
  customersOwner = await makePerson(partner.customers[0], "owner");
});
afterAll(async () => {
  await client.end();
  await drop();
});

/** What the frame holds beside the page, as this person sees it. */
async function noticesFor(user: User, { token }: Account): Promise<string[]> {
  request.sessionToken = await makeSession(user);
  const shown = await SpaceLayout({ params: Promise.resolve({ accountToken: token }), children: null });
  if (!isValidElement<{ children: ReactNode }>(shown)) throw new Error("the layout shows nothing");
  return [shown.props.children]
    .flat()
    .filter((child) => isValidElement(child) && child.type === ChangeOverNotice)
    .map((notice) => renderToStaticMarkup(notice));
}

const NOTICE = [expect.stringContaining("database changed over to another server")];

it("a fail-over is told to owners for a week, and to nobody else", async () => {
  const { account, owner, administrator, member, limited, customers } = partner;
  const noticesOfAll = async () => {
    const all: string[][] = [];
    for (const user of [owner, administrator, member, limited]) all.push(await noticesFor(user, account));
    return [...all, await noticesFor(customersOwner, customers[0])];
  };
  expect(await noticesOfAll()).toEqual([[], [], [], [], []]);

  await client.query("UPDATE database_identity SET timeline = timeline - 1, seen_timeline = timeline - 1");
  await databaseIdentity().look(client);
  expect(await noticesOfAll()).toEqual([NOTICE, [], [], [], NOTICE]);

  // Written down by the look before.
  await client.query("UPDATE database_identity SET seen_timeline_at = clock_timestamp() - interval '7 days 1 second'");
  await databaseIdentity().look(client);
  expect(await noticesOfAll()).toEqual([[], [], [], [], []]);
});
