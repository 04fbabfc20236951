import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { makeManyVehicles } from "@/prisma/bulk/vehicles";
import { makeAccountWithPeople, makeApiKey } from "@/prisma/factories/accounts-and-keys";
import { measureByTurns } from "./by-turns";
import { atLeast, atMost, middle, type Figure } from "./figure";
import { startProgram } from "./processes";

const FLOOR = "bench/floors/plain-node-vehicles.ts";
export const LIST_PROGRAMS = [FLOOR];

const PER_PAGE = 50;
const DEEP_PAGE = 10_000;
const DEEP_PER_PAGE = 10;
const WALK_PER_PAGE = 100;
const ROUNDS = 200;
/** As many as the pools have: each request reads for milliseconds, and more would measure the queue before them. */
const CONNECTIONS = 10;

interface Page {
  readonly next_cursor: string | null;
  readonly records: readonly unknown[];
}

interface Fleet {
  readonly accountId: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tokensFile: string;
}

/** A page from the deep place still has 500 vehicles behind it, as the first has: both count as far. */
async function makeFleet(folder: string, scale: number): Promise<Fleet> {
  const { account, owner } = await makeAccountWithPeople({ plan: "premium" });
  await makeManyVehicles(account, Math.ceil((DEEP_PAGE * scale * DEEP_PER_PAGE + 1000) / 0.97));
  const { token } = await makeApiKey({ account, createdBy: owner, scopes: ["vehicles.read"] });
  const tokensFile = path.join(folder, "fleet.txt");
  writeFileSync(tokensFile, token);
  return { accountId: account.id, headers: { "account-token": account.token }, tokensFile };
}

/** `scale` makes the walk shorter, to try it. */
export async function measureVehiclesList(
  environment: Readonly<Record<string, string>>,
  folder: string,
  scale = 1,
): Promise<Figure[]> {
  Object.assign(process.env, environment);
  const { accountId, headers, tokensFile } = await makeFleet(folder, scale);
  const floor = await startProgram(FLOOR, {
    ...environment,
    PORT: "4704",
    FLOOR_ACCOUNT_ID: String(accountId),
    FLOOR_PER_PAGE: String(PER_PAGE),
  });
  const api = await startProgram("bench/serve-api.ts", { ...environment, PORT: "4705", HUB_ROLES: "api" });
  try {
    const list = `/api/v1/vehicles?per_page=${PER_PAGE}`;
    const { ours, plain } = await measureByTurns(
      {
        ours: { name: "API", origin: api.address, path: list, tokensFile, headers },
        plain: { name: "plain", origin: floor.address, path: list, tokensFile },
      },
      { connections: CONNECTIONS },
    );
    const speed = atLeast(0.8, {
      name: `GET /api/v1/vehicles?per_page=${PER_PAGE}, requests per second, to a plain Node server with the same SQL`,
      ratio: ours.perSecond / plain.perSecond,
      detail: `${ours.says}; ${plain.says}`,
    });
    return [speed, await measureDepth(api.address, headers, tokensFile, Math.ceil(DEEP_PAGE * scale))];
  } finally {
    await Promise.all([floor.stop(), api.stop()]);
  }
}

async function measureDepth(
  origin: string,
  headers: Readonly<Record<string, string>>,
  tokensFile: string,
  deepPage: number,
): Promise<Figure> {
  const authorization = `Token ${readFileSync(tokensFile, "utf8")}`;
  const get = async (perPage: number, cursor: string | null): Promise<Page> => {
    const query = new URLSearchParams({ per_page: String(perPage), ...(cursor !== null && { start_cursor: cursor }) });
    const answer = await fetch(`${origin}/api/v1/vehicles?${query.toString()}`, {
      headers: { ...headers, authorization },
    });
    if (answer.status !== 200) throw new Error(`the list answered ${answer.status}`);
    return (await answer.json()) as Page;
  };
  let cursor: string | null = null;
  const before = (deepPage - 1) * DEEP_PER_PAGE;
  for (let seen = 0; seen < before;) {
    const perPage = Math.min(WALK_PER_PAGE, before - seen);
    const page: Page = await get(perPage, cursor);
    if (page.next_cursor === null) throw new Error("the list is shorter than its deep page");
    cursor = page.next_cursor;
    seen += perPage;
  }
  const times = { first: [] as number[], deep: [] as number[] };
  const time = async (place: string | null) => {
    const began = performance.now();
    const { records } = await get(DEEP_PER_PAGE, place);
    if (records.length !== DEEP_PER_PAGE) throw new Error("a page was not full");
    return performance.now() - began;
  };
  for (let round = -10; round < ROUNDS; round += 1) {
    const [first, deep] = [await time(null), await time(cursor)];
    if (round < 0) continue;
    times.first.push(first);
    times.deep.push(deep);
  }
  const [first, deep] = [middle(times.first), middle(times.deep)];
  return atMost(1.2, {
    name: `page ${deepPage.toLocaleString("en")} of a list, to page 1 (p50)`,
    ratio: deep / first,
    detail: `page 1 ${first.toFixed(2)} ms, page ${deepPage.toLocaleString("en")} ${deep.toFixed(2)} ms`,
  });
}
