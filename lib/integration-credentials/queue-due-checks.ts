import "server-only";

import { defineStep, type Step } from "@/lib/jobs/define-step";
import type { StepSubject } from "@/lib/jobs/step-queue";
import { queueSteps } from "@/lib/jobs/take-steps";
import { UnreadableError } from "@/lib/platform/cipher";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { HELD_CREDENTIAL, sealedAccessOf, type HeldCredential } from "./find-credential";
import type { HostAccess, SecretOpener } from "./host-access";
import { CHECKED_EVERY_HOURS, type Verdict } from "./policy";
import { recordVerdict } from "./record-verdict";
import { runCheck } from "./run-check";

/** What is due beyond that is put in line by the next look. */
const AT_ONCE = 1000;
const CHECK = "credentials.check";

type DueCredential = HeldCredential & { readonly askedFor: string };

function dueAt(now: Date): Prisma.Sql {
  return Prisma.sql`
    FROM integration_credentials c JOIN accounts a ON a.id = c.account_id AND a.status NOT IN ('suspended', 'canceled')
    WHERE c.deleted_at IS NULL AND c.api_key IS NOT NULL
      AND (c.checked_at IS NULL OR c.checked_at <= ${now}::timestamptz - make_interval(hours => ${CHECKED_EVERY_HOURS}))`;
}

const UNREADABLE: Verdict = {
  status: "unreachable",
  reason: "The key that is kept here cannot be read: replace it, or tell whoever runs this hub.",
  expiresAt: null,
  scopes: [],
};

async function check(credential: DueCredential, openSecret: SecretOpener): Promise<Verdict> {
  let access: HostAccess;
  try {
    access = openSecret(sealedAccessOf(credential));
  } catch (error) {
    if (error instanceof UnreadableError) return UNREADABLE;
    throw error;
  }
  return runCheck(access, credential.askedFor);
}

/** Asks the host of one credential, unless somebody has asked it meanwhile. */
export function defineCheckCredential(openSecret: SecretOpener): Step {
  return defineStep({
    name: CHECK,
    permission: "credentials.checkDue",
    run: async (permit, { accountId, subjectId }, readNow) => {
      const [credential] = await readSql<DueCredential>(Prisma.sql`
        SELECT ${HELD_CREDENTIAL}, a.token AS "askedFor" ${dueAt(await readNow())}
          AND c.account_id = ${accountId} AND c.id = ${subjectId}`);
      if (credential !== undefined) await recordVerdict(permit, credential, await check(credential, openSecret));
      return null;
    },
  });
}

/** Puts a check of each credential in line that nobody has asked for a day. */
export async function queueDueChecks(now: Date): Promise<void> {
  const due = await readSql<StepSubject>(Prisma.sql`
    SELECT c.account_id AS "accountId", c.id AS "subjectId" ${dueAt(now)}
    ORDER BY c.checked_at NULLS FIRST, c.id LIMIT ${AT_ONCE}`);
  if (due.length > 0) await queueSteps({ name: CHECK }, due);
}
