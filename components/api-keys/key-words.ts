import { scopeResource } from "@/lib/auth/scopes";
import type { RevokedReason } from "@/lib/api-keys/policy";
import type { ApiKeyRow } from "@/lib/api-keys/queries";

const REVOKED_WORDS: Readonly<Record<RevokedReason, string>> = {
  by_hand: "revoked",
  expired: "expired",
  reported_leaked: "reported leaked",
  owner_left: "owner left",
};

/** "expired", "revoked by Olivia West", "reported leaked" */
export function sayRevocation({ revocation }: Pick<ApiKeyRow, "revocation">): string {
  if (revocation === null) return "";
  const { reason, by } = revocation;
  return reason === "by_hand" && by !== null ? `revoked by ${by}` : REVOKED_WORDS[reason];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "read vehicles and contacts, change webhooks" */
export function sayScopes(scopes: readonly string[]): string {
  const resources = (right: string) => scopes.filter((scope) => scope.endsWith(`.${right}`)).map(scopeResource);
  const [read, write] = [resources("read"), resources("write")];
  return [read.length > 0 ? `read ${listed(read)}` : "", write.length > 0 ? `change ${listed(write)}` : ""]
    .filter(Boolean)
    .join(", ");
}

/** "all 42 customers", "3 customers", "this account" */
export function sayReach(reach: {
  kind: "partner" | "customer";
  allCustomers: boolean;
  customerCount: number;
}): string {
  if (reach.kind === "customer") return "this account";
  if (reach.allCustomers) return "all customers, also those to come";
  return reach.customerCount === 1 ? "1 customer" : `${reach.customerCount} customers`;
}
