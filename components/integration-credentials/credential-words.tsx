import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { CredentialStatus } from "@/lib/integration-credentials/policy";
import type { CredentialRow } from "@/lib/integration-credentials/queries";

const STATUSES: Readonly<Record<CredentialStatus, { readonly tone: BadgeTone; readonly label: string }>> = {
  valid: { tone: "ok", label: "Valid" },
  refused: { tone: "bad", label: "Refused" },
  wrong_account: { tone: "bad", label: "Wrong account" },
  lacks_scope: { tone: "warn", label: "Lacks a scope" },
  unreachable: { tone: "warn", label: "Unreachable" },
};

type StatusFacts = Pick<CredentialRow, "status" | "hasKey">;

function wordOf({ status, hasKey }: StatusFacts): { readonly tone: BadgeTone; readonly label: string } {
  if (!hasKey) return { tone: "bad", label: "Holds no key" };
  return status === null ? { tone: "off", label: "Not checked" } : STATUSES[status];
}

export function sayStatus(status: CredentialStatus | null): string {
  return wordOf({ status, hasKey: true }).label.toLowerCase();
}

export function CredentialBadge({ row }: { readonly row: StatusFacts }) {
  const { tone, label } = wordOf(row);
  return <Badge tone={tone}>{label}</Badge>;
}

/** Where it leads, in a word or two. */
export function sayHost({ baseUrl }: Pick<CredentialRow, "baseUrl">): string {
  return baseUrl === null ? "This hub" : new URL(baseUrl).host;
}

const DAY_MS = 86_400_000;

/** "expires in 41 days"; null where the host does not tell. */
export function sayExpiry({ expiresAt }: Pick<CredentialRow, "expiresAt">, now: string): string | null {
  if (expiresAt === null) return null;
  const days = Math.ceil((Date.parse(expiresAt) - Date.parse(now)) / DAY_MS);
  if (days <= 0) return "expired";
  return days === 1 ? "expires in 1 day" : `expires in ${days} days`;
}
