import type { AccountRef } from "@/lib/auth/actor";
import { noSuchAccount } from "@/lib/auth/rights";
import { DomainError } from "@/lib/platform/errors";
import type { Addressing } from "./authenticate";
import type { Located } from "./source-address";

declare const addressed: unique symbol;

export interface Addressed extends Located {
  readonly [addressed]: true;
  /** The account that the request goes to. */
  readonly account: AccountRef;
}

/**
 * The account that the request names. One the key may not reach is answered like one that does not exist: the
 * authenticating statement looked for it under the key's own reach, so both cost the same.
 */
export function resolveAccount(located: Located, addressing: Addressing): Addressed {
  const account = addressing === "ownAccount" ? located.key.ownAccount : namedAccount(located, addressing);
  located.request.facts.accountId = account.id;
  return { ...located, account } as Addressed;
}

function namedAccount({ request, key }: Located, addressing: Exclude<Addressing, "ownAccount">): AccountRef {
  if (!request.header("account-token")?.trim()) {
    throw new DomainError(
      "account_token_required",
      "Send the account token in the header Account-Token: it names the account this request is for.",
    );
  }
  const account = key.namedAccount;
  // The partner itself tells of every customer: a key for a chosen few does not reach it.
  const reachesPartner = addressing === "customerOrPartner" && key.allCustomers;
  if (account === null || (account.kind === "partner" && !reachesPartner)) {
    throw noSuchAccount();
  }
  return account;
}
