import "server-only";

import type { Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";

/**
 * Takes a form's submission for the transaction at hand. Sent again at the same instant it waits for the first, and is
 * good only if that was undone.
 * @throws DomainError conflict, where it was saved already
 */
export async function claimSubmission(tx: Tx, { account, origin }: Permit<Permission>): Promise<void> {
  if (origin.submissionId === undefined || account === null) return;
  const claimed = await tx.$executeRaw`
    INSERT INTO form_submissions (account_id, submission_id) VALUES (${account.id}, ${origin.submissionId}::uuid)
    ON CONFLICT DO NOTHING`;
  if (claimed === 0)
    throw new DomainError(
      "conflict",
      "This was saved already: the form was sent twice. Close it and look at the list.",
    );
}

/** Forms that nobody has open any more. */
export async function purgeOldSubmissions(_permit: Permit<"formSubmissions.forget">): Promise<void> {
  await bookkeepingDb().$executeRaw`
    DELETE FROM form_submissions WHERE created_at < clock_timestamp() - interval '1 day'`;
}
