import { parseArgs } from "node:util";

import { setKeyRateLimit } from "@/lib/api-keys/set-key-rate-limit";
import { authorize } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import { endPools } from "@/lib/platform/database/pool";

const USAGE = "npm run api-key:limit -- --id <key id> --per-minute <requests, or plan for the plan's own>";

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { id: { type: "string" }, "per-minute": { type: "string" } } });
  const id = Number(values.id);
  const perMinute = values["per-minute"] === "plan" ? null : Number(values["per-minute"]);
  if (!Number.isInteger(id) || id < 1 || (perMinute !== null && (!Number.isInteger(perMinute) || perMinute < 1))) {
    throw new DomainError("invalid_input", `Usage: ${USAGE}`);
  }
  const authContext = {
    actor: { kind: "system" as const, name: "Operator" },
    account: null,
    origin: { ip: null, requestId: null },
  };
  const { name } = await setKeyRateLimit(authorize(authContext, "apiKeys.limit"), { id, perMinute });
  console.log(
    `“${name}” may send ${perMinute === null ? "what its account's plan allows" : `${perMinute} requests a minute`}.`,
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  process.exitCode = 1;
  console.error(error.reason);
} finally {
  await endPools();
}
