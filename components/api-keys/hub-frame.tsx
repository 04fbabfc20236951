import type { ReactNode } from "react";

import { countText } from "@/components/data-table/list-href";
import { PageHead } from "@/components/shell/page-head";
import { Link } from "@/components/ui/link";
import { TabLinks } from "@/components/ui/tab-links";
import { AddApiKey, ApiKeyIssuer } from "./add-api-key";
import type { Space } from "./space";

export interface HubFrameProps {
  readonly space: Space;
  readonly current: "api-keys" | "account-tokens";
  readonly tabCounts: { readonly keys: number; readonly tokens: number };
  readonly customers: readonly { readonly name: string; readonly token: string }[];
  readonly resume?: boolean;
  readonly children: ReactNode;
}

function wordsOf({ space, current }: HubFrameProps): { title: string; purpose: string } {
  if (current === "account-tokens") {
    const purpose =
      space.kind === "partner"
        ? "The public identifiers of your customers’ accounts. An integration sends one with every request, beside its API key."
        : "The public identifiers of your accounts. An integration sends one with every request, beside its API key.";
    return { title: "Account Tokens", purpose };
  }
  return space.kind === "partner"
    ? {
        title: "API Keys",
        purpose:
          "Let an integration read or change your customers’ fleets without anyone signing in. Use one key per integration.",
      }
    : {
        title: "Manage API Keys",
        purpose: "Let an integration read or change your fleet without anyone signing in. Use one key per integration.",
      };
}

function KeysPurpose({ children }: { children: string }) {
  return (
    <>
      {children}{" "}
      <Link href="/developers#security" className="text-accent underline">
        How to keep keys safe
      </Link>
    </>
  );
}

/** Title, primary action and tabs: the same around both tabs. */
export function HubFrame(props: HubFrameProps) {
  const { space, current, tabCounts, customers, resume, children } = props;
  const { title, purpose } = wordsOf(props);
  const tab = (label: string, page: HubFrameProps["current"], count: number) => ({
    label,
    href: `/${space.token}/${page}`,
    count: countText(count),
    current: page === current,
  });
  return (
    <ApiKeyIssuer space={space} customers={customers} resume={resume}>
      <PageHead
        title={title}
        purpose={current === "api-keys" ? <KeysPurpose>{purpose}</KeysPurpose> : purpose}
        action={space.viewer.mayIssue ? <AddApiKey /> : undefined}
      />
      <TabLinks
        label="Views"
        tabs={[tab("API Keys", "api-keys", tabCounts.keys), tab("Account Tokens", "account-tokens", tabCounts.tokens)]}
      />
      {children}
    </ApiKeyIssuer>
  );
}
