import { FactList } from "@/components/record/fact-list";
import { RecordSection } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";
import type { AccountRef } from "@/lib/auth/actor";
import { AccountStatusBadge, PLAN_WORDS } from "./account-words";
import { AccountToken } from "./accounts-table";
import { ChangeOwnPlan } from "./change-own-plan";

export interface AccountSettingsProps {
  readonly account: Pick<AccountRef, "name" | "token" | "plan" | "status">;
  readonly mayChangePlan: boolean;
}

/** Settings → Account. */
export function AccountSettings({ account, mayChangePlan }: AccountSettingsProps) {
  const plan = PLAN_WORDS[account.plan];
  return (
    <>
      <PageHead
        title="Account"
        purpose="What this account is called, how integrations name it, and what its plan includes."
      />
      <div className="max-w-[640px]">
        <RecordSection
          id="facts"
          title="Facts"
          aside={
            mayChangePlan ? (
              <ChangeOwnPlan account={{ token: account.token, name: account.name, plan: account.plan }} />
            ) : null
          }
        >
          <FactList
            facts={[
              { label: "Name", value: account.name },
              { label: "Account token", value: <AccountToken token={account.token} /> },
              {
                label: "Plan",
                value: (
                  <>
                    {plan.name}
                    <span className="block text-12 text-text-3">{plan.includes}</span>
                  </>
                ),
              },
              { label: "Status", value: <AccountStatusBadge status={account.status} /> },
            ]}
          />
          {!mayChangePlan && <p className="mt-4 text-text-2">An owner of this account can change its plan.</p>}
        </RecordSection>
      </div>
    </>
  );
}
