import { Client } from "pg";

import { deployMigrations } from "@/lib/platform/database/migrations";
import { measureByTurns } from "./by-turns";
import { atMost, type Figure } from "./figure";
import { populate } from "./key-population";
import { startProgram } from "./processes";

const FEW = 1000;
const MANY = 1_000_000;
/** As many keys are asked for with a million of them, spread over the whole table; the others are there. */
const ASKED = 20_000;
/** With few connections p50 is the time of a request, not of the queue before it. */
const CONNECTIONS = 10;

async function makeDatabase(url: string, name: string): Promise<string> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`).finally(() => admin.end());
  const own = new URL(url);
  own.pathname = `/${name}`;
  await deployMigrations({ url: own.href });
  return own.href;
}

/** p50 of the authenticated request with a million keys and with a thousand, each in a database of its own. */
export async function measureGrowth(
  environment: Readonly<Record<string, string>> & { readonly DATABASE_URL: string },
  folder: string,
  many = MANY,
): Promise<Figure[]> {
  const start = async (name: string, count: number, port: string) => {
    const url = await makeDatabase(environment.DATABASE_URL, name);
    const asked = Math.min(ASKED, count);
    const { valid } = await populate(url, folder, asked, { name, others: count - asked });
    const settings = { ...environment, DATABASE_URL: url, PORT: port, HUB_ROLES: "api" };
    return { program: await startProgram("bench/serve-api.ts", settings), tokensFile: valid };
  };
  const small = await start("few_keys", FEW, "4710");
  const large = await start("many_keys", many, "4711");
  const contender = ({ program, tokensFile }: typeof small, count: number) => ({
    name: `${count.toLocaleString("en")} keys`,
    origin: program.address,
    path: "/api/v1/api_key",
    tokensFile,
  });
  try {
    const outcome = await measureByTurns(
      { few: contender(small, FEW), many: contender(large, many) },
      { connections: CONNECTIONS, rounds: 5 },
    );
    return [
      atMost(1.15, {
        name: "p50 of the authenticated request, 1,000,000 keys to 1,000",
        ratio: outcome.many.p50 / outcome.few.p50,
        detail: `${outcome.many.says}; ${outcome.few.says}`,
      }),
    ];
  } finally {
    await Promise.all([small.program.stop(), large.program.stop()]);
  }
}
