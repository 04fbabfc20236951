import type { Space } from "@/components/api-keys/space";
import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { ResumeQuery } from "@/lib/webhooks/schema";
import { AddWebhook } from "./add-webhook";
import { WebhooksTable } from "./webhooks-table";

export interface WebhooksViewProps {
  readonly space: Space;
  readonly list: { readonly rows: readonly WebhookRow[]; readonly now: string };
  /** Comes back from a sign-in: what he was about to do is open again. */
  readonly resume: ResumeQuery;
}

const PURPOSES = {
  partner: "Tell another system at once what happens to your API keys.",
  customer: "Tell another system at once what happens in this fleet.",
} as const;

export function WebhooksView({ space, list, resume }: WebhooksViewProps) {
  return (
    <>
      <PageHead
        title="Webhooks"
        purpose={
          <>
            {PURPOSES[space.kind]}{" "}
            <Link href="/developers#webhooks" className="underline underline-offset-[3px]">
              How to receive and verify them
            </Link>
          </>
        }
        action={<AddWebhook space={space} />}
      />
      {list.rows.length > 0 ? (
        <WebhooksTable space={space} rows={list.rows} now={list.now} resume={resume} />
      ) : (
        <EmptyState title="No webhooks yet">
          Add one: it sends each event that you choose, such as{" "}
          {space.kind === "partner" ? "a key that was revoked" : "a vehicle assignment that was created"}, to an address
          of yours: signed, and retried for days when it does not arrive.
        </EmptyState>
      )}
    </>
  );
}
