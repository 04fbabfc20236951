import "server-only";

import { factsOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { holdAccount, type Change, type Tx } from "@/lib/audit-log/mutate";
import { DomainError } from "@/lib/platform/errors";
import type { HeldCredential, Keeper } from "./find-credential";
import type { HostAccess } from "./host-access";
import { MAX_CREDENTIALS, type Verdict } from "./policy";
import { factsOfVerdict } from "./record-verdict";
import type { MakeCredentialInput } from "./schema";
import { sealForCredential } from "./secrets";

/** What the screen says of what was done: never a secret. */
export interface CredentialOutcome {
  readonly id: number;
  readonly name: string;
  readonly status: Verdict["status"] | null;
  readonly reason: string | null;
}

export function credentialEvent(
  deed: "created" | "edited" | "replaced" | "deleted",
  { id, name }: Pick<HeldCredential, "id" | "name">,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return { name: `credential.${deed}`, record: { type: "credential", id, name }, ...facts };
}

/** Puts the account's creations in line (so that the limit is exact), and refuses a second submit of one form. */
async function reserveCredential(tx: Tx, accountId: number, submissionId: string): Promise<number> {
  await holdAccount(tx, accountId);
  const made = await tx.integrationCredential.findUnique({
    where: { accountId_submissionId: { accountId, submissionId } },
    select: { name: true },
  });
  if (made) throw new DomainError("already_done", `“${made.name}” exists already: this form was sent twice.`);
  if ((await tx.integrationCredential.count({ where: { accountId, deletedAt: null } })) >= MAX_CREDENTIALS) {
    throw new DomainError(
      "limit_reached",
      `This account has ${MAX_CREDENTIALS} credentials, the most it may have. Delete one that is no longer used, then save again.`,
    );
  }
  const [next] = await tx.$queryRaw<{ id: number }[]>`SELECT nextval('integration_credentials_id_seq')::int AS id`;
  return next?.id ?? 0;
}

interface NewCredential {
  readonly input: MakeCredentialInput;
  readonly access: HostAccess;
  /** Null where it could not be asked yet. */
  readonly verdict: Verdict | null;
  readonly apiKeyId: number | null;
}

/** Puts a new one down, sealed for its row. @throws DomainError already_done, limit_reached */
export async function createCredential(
  tx: Tx,
  { account, actor }: Keeper,
  now: Date,
  { input, access, verdict, apiKeyId }: NewCredential,
): Promise<Change<CredentialOutcome>> {
  const { submissionId, name, description } = input;
  const { apiKey, ...place } = access;
  const id = await reserveCredential(tx, account.id, submissionId);
  await tx.integrationCredential.create({
    data: {
      id,
      accountId: account.id,
      createdById: actor.kind === "user" ? actor.userId : null,
      submissionId,
      name,
      description,
      ...place,
      apiKey: sealForCredential(id, apiKey),
      apiKeyId,
      ...(verdict && factsOfVerdict(verdict, null, now)),
      usedAt: now,
      createdAt: now,
      updatedAt: now,
    },
  });
  const after = factsOf({ name, description, ...place, apiKeyId });
  const result = { id, name, status: verdict?.status ?? null, reason: verdict?.reason ?? null };
  return { result, events: [credentialEvent("created", { id, name }, { after })] };
}
