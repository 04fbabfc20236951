import { beforeAll, describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { makeManyApiKeys } from "@/prisma/bulk/api-keys";
import { makePartnerWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { longTransaction, vacuumAnalyze } from "@/testing/long-transaction";
import { viewCost } from "@/testing/view-cost";
import { listApiKeys } from "./queries";
import { apiKeyListQuery, LAST_USED_WINDOWS } from "./schema";

const KEYS = 100_000;
const OTHER_ACCOUNTS = 2000;
/** The keys near the page whose use is looked up, or those never used: a fortieth of what all uses take. */
const MOST_BLOCKS = 2000;

let permit: Permit<"apiKeys.read">;

beforeAll(async () => {
  const { account, owner, administrator } = await makePartnerWithPeople();
  // Of all keys most live, of this account's a few: the planner only knows of all.
  await longTransaction(
    (tx) => tx.$executeRaw`
      WITH partners AS (
        INSERT INTO accounts (kind, token, name, plan, status)
        SELECT 'partner', substr(md5(n::text), 1, 10), 'Partner ' || n, 'premium', 'active'
        FROM generate_series(1, ${OTHER_ACCOUNTS}::int) n RETURNING id
      )
      INSERT INTO api_keys (account_id, name, prefix, api_version, scopes, term_months, warn_days, created_at, expires_at)
      SELECT partners.id, 'Key ' || n, 'fah_' || substr(md5(n::text), 1, 6), '2025-05-05', ARRAY['vehicles.read'], 12, 90,
        now(), now() + interval '11 months'
      FROM partners, generate_series(1, 45) n`,
  );
  await makeManyApiKeys(account, [owner, administrator], KEYS);
  permit = await permitFor("apiKeys.read", { user: owner, account });
  await vacuumAnalyze();
}, 180_000);

describe(`an account of ${KEYS.toLocaleString("en")} keys among ${OTHER_ACCOUNTS.toLocaleString("en")} others`, () => {
  it.each(Object.keys(LAST_USED_WINDOWS))("reads a few pages for the keys last used: %s", async (used) => {
    const { blocks } = await viewCost(() => listApiKeys(permit, apiKeyListQuery.parse({ q: "", used })));
    expect(Math.max(...blocks)).toBeLessThanOrEqual(MOST_BLOCKS);
  });
});
