import { Bullets, Chapter, Code, CodeBlock, Facts, Para } from "./prose";

export function Errors() {
  return (
    <Chapter id="errors" title="Errors">
      <Para>
        A refusal is problem JSON (RFC 9457): <Code>code</Code> is for your program, <Code>detail</Code> for a person,
        and <Code>instance</Code> is the request id to tell support.
      </Para>
      <CodeBlock label="A refusal">{`{\n  "type": "about:blank",\n  "title": "Forbidden",\n  "status": 403,\n  "detail": "This needs a key with the scope vehicles.write.",\n  "instance": "1b0c0f0e-…",\n  "code": "insufficient_scope"\n}`}</CodeBlock>
      <Para>Where fields or parameters are to blame, the answer names them instead:</Para>
      <CodeBlock label="Fields that need another look">{`{ "errors": { "name": ["can't be blank"], "vin": ["has already been taken"] } }`}</CodeBlock>
      <Facts
        label="Statuses"
        head={["Status", "Means", "Do"]}
        rows={[
          ["400", "malformed: bad JSON, an unknown filter, order, cursor or version", "mend the request"],
          [
            "401",
            "the key or the account token is missing, unknown, revoked or expired",
            "check both; code tells which",
          ],
          [
            "403",
            "known, but not allowed: scope, role, source address, plan, state of the account",
            "ask an administrator",
          ],
          ["404", "no such record, or it is another account’s", "forget the id"],
          ["405, 413, 415", "method not offered; body over 256 KiB; body not JSON", "mend the request"],
          [
            "409",
            "the first request with this Idempotency-Key is still running, or the record changed at the same moment",
            "try again in a moment",
          ],
          ["412", "somebody changed the record since you read it", "read it again, and decide anew"],
          ["422", "understood, but not possible", "show the errors at their fields"],
          ["429, 503", "too many requests; not available for a moment", "wait for Retry-After, then try again"],
          [
            "503 outcome_unknown",
            "the hub lost its database while it changed something: it may be done, or not",
            "look, or repeat the POST with the same Idempotency-Key",
          ],
        ]}
      />
    </Chapter>
  );
}

export function RateLimit() {
  return (
    <Chapter id="rate-limit" title="Rate limit">
      <Para>
        Each key has a number of requests a minute in each account: 300 on the professional plan, 1,200 on premium,
        unless your operator set another. Every answer to a known key says what is left:
      </Para>
      <CodeBlock label="Rate limit headers">{`RateLimit-Policy: "minute";q=300;w=60\nRateLimit: "minute";r=297;t=42`}</CodeBlock>
      <Para>
        Here 297 of 300 requests are left for 42 seconds. One too many is answered 429 with <Code>Retry-After</Code> in
        whole seconds.
      </Para>
    </Chapter>
  );
}

export function Idempotency({ api }: { api: string }) {
  return (
    <Chapter id="idempotency" title="Idempotency">
      <Para>
        When the answer to a POST is lost, you cannot know whether the record was made. Send an{" "}
        <Code>Idempotency-Key</Code>, a new UUID for each record, and simply repeat the request:
      </Para>
      <CodeBlock label="A POST that is safe to repeat">{`curl ${api}/contacts \\\n  -H "Authorization: Token $FLEET_API_KEY" \\\n  -H "Account-Token: 0123456789" \\\n  -H "Content-Type: application/json" \\\n  -H "Idempotency-Key: 8e03978e-40d5-43dd-bc93-6894a57f9324" \\\n  -d '{"first_name": "Dana"}'`}</CodeBlock>
      <Para>
        For 24 hours the same key and body get the first answer again, even one that nobody lived to give: it is kept
        together with the record. Another body under the same key is a 422; while the first is still running the answer
        is 409. Without a key, look for the record before you repeat a POST whose answer was lost or is a 503{" "}
        <Code>outcome_unknown</Code>.
      </Para>
      <Para>
        Where others change the same records, send the <Code>ETag</Code> of the one that you read along with your PATCH
        or DELETE, as <Code>If-Match</Code>: if somebody was quicker, nothing is changed, and the answer is 412. On a
        GET <Code>If-None-Match</Code> is answered 304, without a body, while the record is as you have it.
      </Para>
    </Chapter>
  );
}

const VERIFY = `import { createHmac, timingSafeEqual } from "node:crypto";

const same = (left, right) => left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

// The body as it came, before it is parsed.
export function isFromTheHub(rawBody, headers, sharedKey) {
  const expected = createHmac("sha256", sharedKey).update(rawBody).digest("hex");
  return same(expected, headers["x-fleetio-webhook-signature"] ?? "");
}`;

const VERIFY_STANDARD = `import { Webhook } from "standardwebhooks";

// Throws when the signature does not fit or the timestamp is too old.
const event = new Webhook(secret).verify(rawBody, headers);`;

export function Webhooks() {
  return (
    <Chapter id="webhooks" title="Webhooks">
      <Para>
        A webhook sends what happens to an address of yours. Administrators add it in the console under Webhooks; a key
        with the scope webhooks.write does so by <Code>POST /webhooks</Code>, with <Code>url</Code> and each event as a
        field that is true. Only the answer to that POST tells its <Code>shared_key</Code>. The record in{" "}
        <Code>payload</Code> has the shape of the version in which the webhook was made.
      </Para>
      <CodeBlock label="A webhook’s body">{`{\n  "id": 8123,\n  "event": "vehicle_assignment_created",\n  "timestamp": "2026-11-22T10:00:00.000Z",\n  "payload": { … the whole record, for deletions as it was … },\n  "triggered_by": "dana@example.com"\n}`}</CodeBlock>
      <Para>
        Each POST is signed twice over the raw body. <Code>X-Fleetio-Webhook-Signature</Code> is the hex HMAC-SHA256 of
        the body with the webhook’s shared key:
      </Para>
      <CodeBlock label="Verifying the first signature (Node)">{VERIFY}</CodeBlock>
      <Para>
        <Code>webhook-id</Code>, <Code>webhook-timestamp</Code> and <Code>webhook-signature</Code> follow the Standard
        Webhooks specification, which also protects from old messages sent again. Its public libraries verify them:
      </Para>
      <CodeBlock label="Verifying the second signature (Node)">{VERIFY_STANDARD}</CodeBlock>
      <Bullets
        items={[
          "Answer with any 2xx within 15 seconds. Everything else is tried again: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. Redirects are not followed.",
          <>
            You may get a message twice, and not in order. <Code>webhook-id</Code> stays the same over retries: remember
            the ones you handled.
          </>,
          "410 switches a webhook off at once; failures alone for 5 days do so too, and the administrators get an e-mail.",
          <>
            After Rotate Secret both secrets sign for 24 hours: <Code>webhook-signature</Code> holds two signatures;{" "}
            <Code>X-Fleetio-Webhook-Signature</Code> is the new secret’s at once, and{" "}
            <Code>X-Fleetio-Webhook-Signature-Previous</Code> the old one’s.
          </>,
        ]}
      />
    </Chapter>
  );
}

export function Security({ api }: { api: string }) {
  return (
    <Chapter id="security" title="Security">
      <Para>An API key opens fleets without anyone signing in. Treat it like the key of a vehicle.</Para>
      <Bullets
        items={[
          <>
            <strong className="font-medium text-text">One key per integration.</strong> When one leaks, you revoke it
            and nothing else stops; and the log shows who did what.
          </>,
          <>
            <strong className="font-medium text-text">The fewest scopes.</strong> What only reads needs no write scope.
            An allow-list of source addresses makes a stolen key useless elsewhere.
          </>,
          <>
            <strong className="font-medium text-text">The shortest expiry that fits.</strong> A trial of two weeks needs
            no key for a year. Owners and administrators are told by e-mail before a key expires.
          </>,
          <>
            <strong className="font-medium text-text">Replace keys when people leave.</strong> Whoever has seen a key
            still has it. Regenerate it: the old token can go on for a short overlap.
          </>,
          <>
            <strong className="font-medium text-text">Never paste one into chat, mail or a repository.</strong> Keep it
            in a secret store or an environment variable. Tokens look like <Code>fah_…</Code>, so that secret scanners
            find them.
          </>,
        ]}
      />
      <Para>
        Did one leak? Revoke it in the console; requests with it fail at once. Whoever finds a token can end it without
        an account, up to 1,000 at once as <Code>tokens</Code>, and 60 times a minute; the answer is the same whether or
        not they were good:
      </Para>
      <CodeBlock label="Revoking a leaked key">{`curl ${api}/api_keys/revoke_leaked \\\n  -H "Content-Type: application/json" \\\n  -d '{"token": "fah_…"}'`}</CodeBlock>
    </Chapter>
  );
}
