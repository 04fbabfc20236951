import { AccountToken } from "@/components/accounts/accounts-table";
import { AccountStatusBadge } from "@/components/accounts/account-words";
import { RecordSection, SectionLink } from "@/components/record/record-section";
import { RelatedList } from "@/components/record/related-list";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import type { AccountTokenRow } from "@/lib/accounts/queries";
import { accountRequest, SET_KEY_LINE } from "./request-snippets";
import type { Space } from "./space";
import { TryRequest } from "./try-request";

export interface IntegrationHelpProps {
  readonly space: Pick<Space, "token" | "appUrl">;
  /** The first of those that the viewer belongs to. */
  readonly accounts: readonly AccountTokenRow[];
}

/** Beneath the keys of a customer's space: what else an integration needs, and a request that works as pasted. */
export function IntegrationHelp({ space, accounts }: IntegrationHelpProps) {
  return (
    <div className="mt-10 grid gap-10">
      <RecordSection
        id="account-tokens"
        title="Account Tokens"
        aside={<SectionLink href={`/${space.token}/account-tokens`}>All account tokens</SectionLink>}
      >
        <RelatedList
          items={accounts.map(({ id, name, status, token }) => ({
            key: id,
            main: (
              <>
                <span className="mr-2">{name}</span>
                <AccountStatusBadge status={status} />
              </>
            ),
            aside: <AccountToken token={token} />,
          }))}
          empty="You belong to no account."
        />
      </RecordSection>
      <RecordSection id="request" title="Request snippet">
        <p className="mb-3 max-w-[70ch] text-text-2">
          Reads this account’s vehicles with one of its keys. The key comes from an environment variable, so that it
          stands in no file: set it in the shell first.
        </p>
        <div className="grid gap-3">
          <SnippetTabs label="Set the key" snippets={[{ id: "set", label: "Shell", code: SET_KEY_LINE }]} />
          <SnippetTabs label="Request" snippets={accountRequest(space.appUrl, space.token)} />
        </div>
      </RecordSection>
      <RecordSection id="try" title="Try it">
        <TryRequest accountToken={space.token} />
      </RecordSection>
    </div>
  );
}
