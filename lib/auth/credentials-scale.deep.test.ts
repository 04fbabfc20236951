import { beforeAll, describe, expect, it } from "vitest";

import { readPool } from "@/lib/platform/database/pool";
import { makeManyApiKeys } from "@/prisma/bulk/api-keys";
import { makeApiKey, makePartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { longTransaction, vacuumAnalyze } from "@/testing/long-transaction";
import { findCredential } from "./credentials";

const KEYS = 100_000;
const PARTNERS = 20_000;
/** PostgreSQL plans a prepared statement anew five times before it decides whether to keep one plan. */
const PLANNED_ANEW = 5;

let token: string;

beforeAll(async () => {
  const { account, owner, administrator } = await makePartnerWithPeople();
  await makeManyApiKeys(account, [owner, administrator], KEYS);
  ({ token } = await makeApiKey({ account, createdBy: owner }));
  await longTransaction(
    (tx) => tx.$executeRaw`
      INSERT INTO accounts (kind, token, name, plan, status)
      SELECT 'partner', substr(md5(n::text), 1, 10), 'Partner ' || n, 'premium', 'active' FROM generate_series(1, ${PARTNERS}::int) n`,
  );
  await vacuumAnalyze();
}, 120_000);

describe(`a token among ${KEYS.toLocaleString("en")} keys and ${PARTNERS.toLocaleString("en")} accounts`, () => {
  it("is looked up by a plan that is made once, also when it comes alone", async () => {
    const asked = 4 * PLANNED_ANEW;
    // One after the other, so that all go over the connection that came free last.
    for (let time = 0; time < asked; time++) expect((await findCredential(token, null))?.state).toBe("valid");
    const { rows } = await readPool().query<{ kept: number; anew: number }>(
      `SELECT generic_plans::int AS kept, custom_plans::int AS anew FROM pg_prepared_statements
       WHERE name = 'look-up-credentials'`,
    );
    expect(rows).toEqual([{ kept: asked - PLANNED_ANEW, anew: PLANNED_ANEW }]);
  });
});
