import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import type { StuckMail } from "@/lib/notifications/queries";

/** What the provider said at the last attempt, by the name that it, or the hub, has for it. */
const SAID: Readonly<Record<string, string>> = {
  daily_quota_exceeded: "The mail provider says that today’s quota of its account is used up.",
  invalid_api_key: "The mail provider does not know the hub’s key.",
  invalid_from_address: "The mail provider does not take mail from the hub’s address.",
  missing_api_key: "The mail provider got no key from the hub.",
  monthly_quota_exceeded: "The mail provider says that this month’s quota of its account is used up.",
  no_api_key: "This hub has neither a mail provider nor a local outbox.",
  rate_limit_exceeded: "The mail provider says that it gets too many mails at once.",
};

/** Names for what is no word of the provider about the mail. */
const UNCLEAR: readonly string[] = [
  "application_error",
  "concurrent_idempotent_requests",
  "internal_server_error",
  "no_clear_answer",
  "search_goes_on",
];

function sayLastAnswer({ lastAnswer }: StuckMail): string {
  if (lastAnswer === null) return "No answer to an attempt is on record.";
  if (UNCLEAR.includes(lastAnswer))
    return `The last attempt ended without a clear answer (${lastAnswer}): the mail provider may be unreachable, or something in front of it answers in its place.`;
  return SAID[lastAnswer] ?? `The mail provider refused: ${lastAnswer}.`;
}

/** That mail about the account's keys does not get out, to who reads the audit log. */
export function StuckMailNotice({ stuck, now }: { stuck: StuckMail | null; now: string }) {
  if (stuck === null) return null;
  const { notices, people, since } = stuck;
  return (
    <Notice tone="warn" role="status" className="mb-5">
      <p className="font-medium">
        {notices === 1 ? "1 notice" : `${notices.toLocaleString("en-US")} notices`} about this account’s API keys, to{" "}
        {people === 1 ? "1 person" : `${people.toLocaleString("en-US")} people`}, {notices === 1 ? "is" : "are"} stuck:
        nothing confirms that {notices === 1 ? "it was" : "they were"} mailed. The oldest has waited since{" "}
        <Time value={since} style="dateTime" now={now} zone />.
      </p>
      <p>
        {sayLastAnswer(stuck)} The hub keeps trying, and what is still true then goes as soon as the provider takes
        mail. Tell whoever runs this hub to look at the provider’s status, at <code>RESEND_API_KEY</code> and at the
        hub’s log. Until it is mended, look at the API Keys page itself for keys that expire.
      </p>
    </Notice>
  );
}
