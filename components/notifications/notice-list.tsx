import { MailWarning, type LucideIcon } from "lucide-react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { NoticeStage } from "@/lib/notifications/policy";
import type { NoticeFate, NoticeRow } from "@/lib/notifications/queries";

const SAYS: Record<NoticeStage, string> = {
  days_90: "Expires in 90 days",
  days_60: "Expires in 60 days",
  days_30: "Expires in 30 days",
  days_14: "Expires in 14 days",
  days_7: "Expires in 7 days",
  days_3: "Expires in 3 days",
  days_1: "Expires in 1 day",
  expired: "Has expired",
  created: "Was created",
  regenerated: "Has a new token",
  revoked: "Was revoked",
  leaked: "Was reported leaked",
  creator_left: "Its creator left",
  today: "Expires that day",
};

const FATES: Record<NoticeFate, { tone: BadgeTone; says: string; icon?: LucideIcon }> = {
  waiting: { tone: "warn", says: "Not sent yet" },
  unconfirmed: { tone: "warn", says: "Not confirmed by the mail provider yet" },
  sent: { tone: "ok", says: "Sent" },
  delivered: { tone: "ok", says: "Delivered" },
  bounced: { tone: "bad", says: "Bounced", icon: MailWarning },
  complained: { tone: "bad", says: "Marked as spam", icon: MailWarning },
  superseded: { tone: "off", says: "Not needed any more" },
  refused: { tone: "bad", says: "Not taken by the mail provider", icon: MailWarning },
};

function FateBadge({ fate }: { fate: NoticeFate }) {
  const { tone, says, icon } = FATES[fate];
  return (
    <Badge tone={tone} {...(icon && { icon })}>
      {says}
    </Badge>
  );
}

/** What was mailed about a key: when, to whom, and whether it arrived. */
export function NoticeList({ notices }: { notices: readonly NoticeRow[] }) {
  const hasBounced = notices.some(({ fate }) => fate === "bounced" || fate === "refused");
  return (
    <section aria-labelledby="notices" className="mt-8">
      <h2 id="notices" className="mb-3 border-b border-line pb-2 text-16 font-semibold">
        Notices
      </h2>
      {hasBounced && (
        <p className="mb-3 text-text-2">
          A notice did not arrive. Check the address with its owner: until it works, that person hears nothing of this
          key.
        </p>
      )}
      {notices.length === 0 ? (
        <p className="text-text-2">Nothing has been mailed about this key yet.</p>
      ) : (
        <ol className="grid gap-3">
          {notices.map(({ id, stage, toName, toEmail, at, fate }) => (
            <li key={id} className="grid gap-x-6 gap-y-1 sm:grid-cols-[200px_minmax(0,1fr)_auto]">
              <span className="text-text-3">
                <Time value={at} zone />
              </span>
              <span className="wrap-anywhere">
                <span className="font-medium">{SAYS[stage]}</span> to {toName}{" "}
                <span className="text-text-3">({toEmail})</span>
              </span>
              <span>
                <FateBadge fate={fate} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
