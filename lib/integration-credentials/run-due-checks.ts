import "server-only";
import { z } from "zod";

import type { Permit } from "@/lib/auth/permit";
import { defineJob, type Job } from "@/lib/jobs/define-job";
import { UnreadableError } from "@/lib/platform/cipher";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { HELD_CREDENTIAL, sealedAccessOf, type HeldCredential } from "./find-credential";
import type { HostAccess, SecretOpener } from "./host-access";
import { CHECKED_EVERY_HOURS, type Verdict } from "./policy";
import { recordVerdict } from "./record-verdict";
import { runCheck } from "./run-check";

/** So many a run, of so many accounts: nobody's hosts that hang keep another's from being asked. */
const AT_ONCE = 20;
/** No check is begun after that: the queue has other work. */
const LONGEST_RUN_MS = 15_000;

type DueCredential = HeldCredential & { readonly askedFor: string };

/** Of each account the one that was checked the longest ago. */
function listDue(now: Date): Promise<DueCredential[]> {
  return readSql<DueCredential>(Prisma.sql`
    SELECT ${HELD_CREDENTIAL}, a.token AS "askedFor"
    FROM (SELECT DISTINCT ON (d.account_id) d.* FROM integration_credentials d
      WHERE d.deleted_at IS NULL AND d.api_key IS NOT NULL
        AND (d.checked_at IS NULL OR d.checked_at <= ${now}::timestamptz - make_interval(hours => ${CHECKED_EVERY_HOURS}))
      ORDER BY d.account_id, d.checked_at NULLS FIRST, d.id) c
    JOIN accounts a ON a.id = c.account_id AND a.status NOT IN ('suspended', 'canceled')
    ORDER BY c.checked_at NULLS FIRST, c.id LIMIT ${AT_ONCE}`);
}

const UNREADABLE: Verdict = {
  status: "unreachable",
  reason: "The key that is kept here cannot be read: replace it, or tell whoever runs this hub.",
  expiresAt: null,
  scopes: [],
};

async function checkDue(credential: DueCredential, openSecret: SecretOpener): Promise<Verdict> {
  let access: HostAccess;
  try {
    access = openSecret(sealedAccessOf(credential));
  } catch (error) {
    if (error instanceof UnreadableError) return UNREADABLE;
    throw error;
  }
  return runCheck(access, credential.askedFor);
}

async function runDueChecks(
  permit: Permit<"credentials.checkDue">,
  now: Date,
  openSecret: SecretOpener,
): Promise<void> {
  const endsAt = performance.now() + LONGEST_RUN_MS;
  for (const credential of await listDue(now)) {
    if (performance.now() > endsAt) return;
    await recordVerdict(permit, credential, await checkDue(credential, openSecret));
  }
}

/** Asks the hosts of credentials that nobody has asked for a day. */
export function defineRunDueChecks(openSecret: SecretOpener): Job {
  return defineJob({
    name: "credentials.checkDue",
    permission: "credentials.checkDue",
    payload: z.object({}),
    run: async (permit, _payload, readNow) => runDueChecks(permit, await readNow(), openSecret),
  });
}
