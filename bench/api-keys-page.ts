import { sessionCookieName } from "@/lib/auth/session-cookie";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeManyApiKeys } from "@/prisma/bulk/api-keys";
import { makePartnerWithPeople, makeSession } from "@/prisma/factories/accounts-and-keys";
import { middle, type Figure } from "./figure";
import { startProgram } from "./processes";

const FEW = 100;
const MANY = 100_000;
const BAR = 1.5;
const ROUNDS = 40;
const WARM_UP = 5;
const PORT = "4703";

/** The views that the bar speaks of: the first page, a search, and each filter. */
const VIEWS = [
  "",
  "?q=telematics",
  "?status=revoked",
  "?version=2024-01-01",
  "?scope=fuel_entries.write",
  "?used=never",
  "?sort=name&direction=asc",
];

interface Space {
  readonly url: string;
  readonly cookie: string;
}

/** A view that fits few of few keys would draw fewer rows, and drawing is what takes the time: all fit all views. */
async function fitEveryView(accountId: number): Promise<void> {
  await bookkeepingDb().$transaction(async (tx) => {
    // A revoked key stays as it is, says a trigger; this one never was anybody's.
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await tx.$executeRaw`
      UPDATE api_keys SET name = 'Telematics sync ' || id, api_version = '2024-01-01',
        scopes = ARRAY['fuel_entries.write'] WHERE account_id = ${accountId}`;
    await tx.$executeRaw`UPDATE api_key_uses SET last_used_at = NULL WHERE account_id = ${accountId}`;
  });
}

async function makeSpace(appUrl: string, keys: number): Promise<Space> {
  const { account, owner, administrator } = await makePartnerWithPeople();
  await makeManyApiKeys(account, [owner, administrator], keys);
  if (keys === FEW) await fitEveryView(account.id);
  const cookie = `${sessionCookieName(appUrl)}=${await makeSession(owner)}`;
  return { url: `${appUrl}/${account.token}/api-keys`, cookie };
}

/** Milliseconds until the whole page has arrived, and how many rows it has. */
async function timePage(space: Space, view: string): Promise<{ readonly ms: number; readonly rows: number }> {
  const began = performance.now();
  const response = await fetch(`${space.url}${view}`, { headers: { cookie: space.cookie } });
  const html = await response.text();
  const ms = performance.now() - began;
  const rows = html.match(/aria-label="More actions for/g)?.length ?? 0;
  if (response.status !== 200 || rows === 0) throw new Error(`the page did not come: ${response.status} ${view}`);
  return { ms, rows };
}

/** The API Keys page of an account with 100,000 keys and of one with 100, by turns, from one production build. */
export async function measureApiKeysPage(environment: Readonly<Record<string, string>>): Promise<Figure[]> {
  const appUrl = `http://localhost:${PORT}`;
  Object.assign(process.env, environment, { APP_URL: appUrl, HUB_EMBEDDED: "1" });
  const few = await makeSpace(appUrl, FEW);
  const many = await makeSpace(appUrl, MANY);
  const pages = await startProgram("bench/serve-api.ts", {
    ...environment,
    PORT,
    APP_URL: appUrl,
    HUB_ROLES: "web",
    HUB_EMBEDDED: "1",
    LOG_LEVEL: "silent",
  });
  try {
    const figures: Figure[] = [];
    for (const view of VIEWS) {
      const times = { few: [] as number[], many: [] as number[] };
      for (let round = -WARM_UP; round < ROUNDS; round += 1) {
        const [small, large] = [await timePage(few, view), await timePage(many, view)];
        if (small.rows !== large.rows)
          throw new Error(`${view}: a page of ${small.rows} and one of ${large.rows} rows`);
        if (round < 0) continue;
        times.few.push(small.ms);
        times.many.push(large.ms);
      }
      const [small, large] = [middle(times.few), middle(times.many)];
      const detail = `${FEW} keys p50 ${small.toFixed(1)} ms, ${MANY.toLocaleString("en")} keys p50 ${large.toFixed(1)} ms`;
      const name = `API Keys page${view === "" ? "" : ` (${view})`}, 100,000 keys to 100`;
      figures.push({ name, ratio: large / small, bar: `≤ ${BAR}`, holds: large / small <= BAR, detail });
    }
    return figures;
  } finally {
    await pages.stop();
  }
}
