import { FactList } from "@/components/record/fact-list";
import { Breadcrumb, FACTS_LOOK, RecordSection } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";
import { CopyButton } from "@/components/ui/copy-button";
import { Time } from "@/components/ui/time";
import type { AttemptRow, DeliveryDetails } from "@/lib/webhooks/deliveries/queries";
import { AttemptBadge, NextAttempt } from "./delivery-facts";
import { DeliveryPageActions, DeliveryProgress } from "./delivery-page-actions";
import { DeliveryBadge } from "./webhook-words";

export interface DeliveryPageProps {
  readonly accountToken: string;
  readonly delivery: DeliveryDetails;
}

/** A delivery's own page: what was sent, and what came of each attempt. */
export function DeliveryPage({ accountToken, delivery }: DeliveryPageProps) {
  const { webhook, log, attempts, body } = delivery;
  return (
    <>
      <Breadcrumb href={`/${accountToken}/webhooks/${webhook.id}`}>Deliveries</Breadcrumb>
      <PageHead
        title={delivery.event}
        purpose={<DeliveryBadge status={delivery.status} />}
        action={<DeliveryPageActions accountToken={accountToken} delivery={delivery} />}
      />
      <DeliveryProgress delivery={delivery} />
      <div className="grid gap-8 lg:grid-cols-2">
        <Facts delivery={delivery} />
        <RecordSection
          id="body"
          title="Request body"
          aside={<CopyButton value={body} label="Copy request body" className="-my-2" />}
        >
          <Code label="Request body" text={readable(body)} />
        </RecordSection>
      </div>
      <RecordSection id="attempts" title="Attempts" className="mt-8">
        {log.length === 0 ? (
          <p className="text-text-2">It has not been sent yet.</p>
        ) : (
          <ol className="grid grid-cols-[minmax(0,1fr)] gap-2">
            {log.map((attempt, at) => (
              <Attempt key={attempt.id} attempt={attempt} number={attempts - at} isLatest={at === 0} />
            ))}
          </ol>
        )}
        {attempts > log.length && log.length > 0 && (
          <p className="mt-3 text-text-2">The latest {log.length} are shown.</p>
        )}
      </RecordSection>
    </>
  );
}

function Facts({ delivery }: { delivery: DeliveryDetails }) {
  const { webhook, messageId, isTest, attempts, lastSentAt, createdAt, now } = delivery;
  return (
    <RecordSection id="facts" title="Facts">
      <FactList
        facts={[
          { label: "URL", value: <span className="font-mono text-13">{webhook.url}</span> },
          { label: "webhook-id", value: <span className="font-mono text-13">{messageId}</span> },
          { label: "Kind", value: isTest && "Test event, with a made-up record", ifKnown: true },
          { label: "Noted", value: <Time value={createdAt} zone /> },
          { label: "Attempts", value: String(attempts) },
          { label: "Last sent", value: <Time value={lastSentAt} zone never="Not yet" /> },
          { label: "Next attempt", value: <NextAttempt row={delivery} now={now} /> },
        ]}
      />
    </RecordSection>
  );
}

/** As somebody reads it, where it is JSON. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Long lines scroll sideways, which the keyboard can only do in something that takes the focus. */
function Code({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-80 overflow-auto rounded-md border border-line bg-bg-subtle p-3 font-mono text-12/5 text-text -outline-offset-2"
    >
      <code>{text}</code>
    </pre>
  );
}

function Attempt({ attempt, number, isLatest }: { attempt: AttemptRow; number: number; isLatest: boolean }) {
  const { sentAt, durationMs, error, requestHeaders, responseHeaders, responseBody } = attempt;
  return (
    <li>
      <details open={isLatest} className="rounded-md border border-line">
        <summary className="cursor-pointer px-3 py-2.5 text-text-2 pointer-coarse:min-h-11">
          <span className="inline-flex max-w-[calc(100%-20px)] flex-wrap items-center gap-x-3 gap-y-1 align-middle">
            <span className="font-medium text-text">Attempt {number}</span>
            <AttemptBadge attempt={attempt} />
            <Time value={sentAt} plain zone />
            <span className="tabular-nums">{durationMs.toLocaleString("en-US")} ms</span>
          </span>
        </summary>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 border-t border-line p-3">
          {error !== null && <p className="text-bad wrap-anywhere">{error}</p>}
          <Headers
            title="Request headers"
            headers={requestHeaders}
            about="The signatures and an Authorization header are sent along and kept nowhere."
          />
          {responseHeaders !== null && <Headers title="Response headers" headers={responseHeaders} />}
          {responseBody !== null && (
            <div>
              <h3 className="mb-1.5 font-medium">Response body</h3>
              {responseBody === "" ? (
                <p className="text-text-3">Empty</p>
              ) : (
                <Code label={`Response body of attempt ${number}`} text={readable(responseBody)} />
              )}
            </div>
          )}
        </div>
      </details>
    </li>
  );
}

interface HeadersProps {
  readonly title: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly about?: string;
}

function Headers({ title, headers, about }: HeadersProps) {
  return (
    <div>
      <h3 className="mb-1.5 font-medium">{title}</h3>
      <dl className={`${FACTS_LOOK} font-mono text-12 max-sm:grid-cols-1 max-sm:gap-y-0.5`}>
        {Object.entries(headers).map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="max-sm:mb-1.5">{[value].flat().join(", ")}</dd>
          </div>
        ))}
      </dl>
      {about && <p className="mt-1.5 text-12 text-text-3">{about}</p>}
    </div>
  );
}
