import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import * as changeFeed from "@/lib/change-feed/endpoints";
import * as contacts from "@/lib/contacts/endpoints";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
import { makeTemporaryDirectory } from "@/testing/temporary-directory";
import { followingCode, overlappingCode } from "./polling-code";

interface Kept {
  readonly id: number;
  readonly name: string;
}
interface Following {
  readonly walk: (list: string, keep: (record: Kept) => void) => Promise<string>;
  readonly follow: (
    list: string,
    place: string,
    keep: (record: Kept) => void,
    forget: (id: number) => void,
  ) => Promise<string | null>;
}
interface Overlapping {
  readonly poll: (list: string, highest: string, keep: (record: Kept) => void) => Promise<string>;
}

let api: TestApi;
let account: Account;
let token: string;
let folder: string;

beforeAll(async () => {
  api = await serveForTests([...Object.values(changeFeed), ...Object.values(contacts)]);
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
  process.env.FLEET_API_KEY = token;
  process.env.FLEET_ACCOUNT_TOKEN = account.token;
  folder = await makeTemporaryDirectory("guide");
});
afterAll(() => api.close());

/** The guide's code as a program of its own. */
async function runnable<Program>(name: string, code: string): Promise<Program> {
  const file = path.join(folder, `${name}.mjs`);
  await writeFile(file, code);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Program;
}

const send = (method: string, below: string, body?: unknown) =>
  api.call(`/api/v1/contacts${below}`, jsonCall({ token, account, method, body }));

it("the guide's way of following keeps what there is, changes it, and forgets what goes", async () => {
  for (let number = 0; number < 101; number += 1) await makeContact({ account, firstName: `Driver${number}` });
  const { walk, follow } = await runnable<Following>("following", followingCode(`http://127.0.0.1:${api.port}/api/v1`));
  const kept = new Map<number, string>();
  const keep = ({ id, name }: Kept) => void kept.set(id, name);
  const place = await walk("contacts", keep);
  expect(kept.size).toBe(101);
  const [gone = 0, changed = 0] = kept.keys();
  await send("DELETE", `/${gone}`);
  await send("PATCH", `/${changed}`, { first_name: "Grace", last_name: "Hopper" });
  const made = Number((await send("POST", "", { first_name: "Ada" })).json.id);
  const next = await follow("contacts", place, keep, (id) => void kept.delete(id));
  expect([kept.has(gone), kept.get(changed), kept.get(made), kept.size]).toEqual([false, "Grace Hopper", "Ada", 101]);
  expect(next).toBe((await send("GET", "")).headers["x-change-sequence"]);
  expect(await follow("contacts", `0123456789ab.1`, keep, () => undefined)).toBeNull();
});

it("the guide's way of overlapping sees what was changed since, and goes on from the highest time", async () => {
  const { poll } = await runnable<Overlapping>("overlapping", overlappingCode(`http://127.0.0.1:${api.port}/api/v1`));
  const kept = new Map<number, string>();
  const keep = ({ id, name }: Kept) => void kept.set(id, name);
  const first = await poll("contacts", "2000-01-01T00:00:00.000Z", keep);
  const { json } = await send("POST", "", { first_name: "Barbara" });
  const second = await poll("contacts", first, keep);
  expect(kept.get(Number(json.id))).toBe("Barbara");
  expect([second, await poll("contacts", second, keep)]).toEqual([String(json.updated_at), second]);
});
