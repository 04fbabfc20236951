import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { AccountStatus, Plan } from "@/generated/prisma/enums";

const STATUSES: Readonly<Record<AccountStatus, { tone: BadgeTone; word: string }>> = {
  active: { tone: "ok", word: "Active" },
  trial: { tone: "ok", word: "Trial" },
  past_due: { tone: "warn", word: "Past due" },
  suspended: { tone: "bad", word: "Suspended" },
  canceled: { tone: "off", word: "Canceled" },
};

export const PLAN_WORDS: Readonly<Record<Plan, { name: string; includes: string }>> = {
  starter: { name: "Starter", includes: "The fleet and its people. No API access." },
  professional: { name: "Professional", includes: "Also API access: keys, account tokens and webhooks." },
  premium: { name: "Premium", includes: "Also API access, with the highest request limits." },
};

export function AccountStatusBadge({ status }: { status: AccountStatus }) {
  return <Badge tone={STATUSES[status].tone}>{STATUSES[status].word}</Badge>;
}

export function sayAccountStatus(status: AccountStatus): string {
  return STATUSES[status].word;
}
