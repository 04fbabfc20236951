import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import type { AccountRef } from "@/lib/auth/actor";
import { includesApi } from "@/lib/accounts/policy";

export interface PlanNoticeProps {
  readonly account: Pick<AccountRef, "token" | "plan">;
  readonly mayChangePlan: boolean;
}

/** What an account's plan lacks for its keys to work, and what to do about it. */
export function PlanNotice({ account, mayChangePlan }: PlanNoticeProps) {
  if (includesApi(account.plan)) return null;
  return (
    <Notice tone="warn" className="mb-5">
      The starter plan has no API access: keys can be made and kept, but every request is refused with{" "}
      <code className="font-mono">plan_required</code> until this account is on the professional or premium plan.{" "}
      {mayChangePlan ? (
        <Link href={`/${account.token}/settings`} className="font-medium underline underline-offset-[3px]">
          Change the plan
        </Link>
      ) : (
        "Ask an owner of this account to change it."
      )}
    </Notice>
  );
}
