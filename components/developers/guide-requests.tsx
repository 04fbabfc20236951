import { Fragment } from "react";

import { Link } from "@/components/ui/link";

import { Bullets, Chapter, Code, CodeBlock, Facts, Para } from "./prose";

export function FirstRequest({ api }: { api: string }) {
  return (
    <Chapter id="first-request" title="First request">
      <Para>
        An owner or administrator makes an API key in the console. Put it where your integration keeps its secrets, here
        the environment variable <Code>FLEET_API_KEY</Code>, and ask which accounts it reaches:
      </Para>
      <CodeBlock label="First request">{`export FLEET_API_KEY="fah_…"\ncurl ${api}/accounts \\\n  -H "Authorization: Token $FLEET_API_KEY"`}</CodeBlock>
      <Para>
        JSON goes in and out, in UTF-8. <Code>Token KEY</Code>, <Code>Token token=&quot;KEY&quot;</Code> and{" "}
        <Code>Bearer KEY</Code> all work. A key in the address is refused: logs keep addresses.
      </Para>
    </Chapter>
  );
}

export function AccountsAndTokens({ api }: { api: string }) {
  return (
    <Chapter id="accounts" title="Accounts and tokens">
      <Para>
        A key says who is calling, an account token says whose fleet it is about. Every request but{" "}
        <Code>accounts</Code>, <Code>users/me</Code> and <Code>api_key</Code> names an account:
      </Para>
      <CodeBlock label="Request for an account">{`curl "${api}/vehicles?per_page=10" \\\n  -H "Authorization: Token $FLEET_API_KEY" \\\n  -H "Account-Token: 0123456789"`}</CodeBlock>
      <Bullets
        items={[
          "A customer’s key works for that customer. It may do what its scopes allow and the person who made it may do at that moment.",
          "A partner’s key works for every customer that it was given; its scopes alone limit it.",
          <>
            An account token is public: it opens nothing without a key. One that does not exist and one that your key
            may not reach get the same answer, <Code>account_not_accessible</Code>.
          </>,
          <>
            A key needs the scope that the{" "}
            <Link href="/developers/reference" className="text-accent underline">
              reference
            </Link>{" "}
            names. The answer to a missing one names it too.
          </>,
        ]}
      />
    </Chapter>
  );
}

export function Paging({ api }: { api: string }) {
  return (
    <Chapter id="paging" title="Paging">
      <Para>
        A list comes in pages of up to 100 records (<Code>per_page</Code>, 50 unless you say otherwise), the newest
        first. Send <Code>next_cursor</Code> back as <Code>start_cursor</Code> until it is null:
      </Para>
      <CodeBlock label="A page of a list">{`{\n  "start_cursor": "WyJ2ZWhpY2xlcyIs…",\n  "current_cursor": "WyJ2ZWhpY2xlcyIs…",\n  "next_cursor": "WyJ2ZWhpY2xlcyIs…",\n  "per_page": 50,\n  "estimated_remaining_count": 120,\n  "filtered_by": [],\n  "sorted_by": [{ "id": "desc" }],\n  "records": [ … ]\n}`}</CodeBlock>
      <CodeBlock label="The next page">{`curl "${api}/vehicles?start_cursor=WyJ2ZWhpY2xlcyIs…" \\\n  -H "Authorization: Token $FLEET_API_KEY" \\\n  -H "Account-Token: 0123456789"`}</CodeBlock>
      <Para>
        A cursor carries its filters and order, so you need not send them again. Records made or deleted meanwhile
        neither repeat nor hide others.
      </Para>
    </Chapter>
  );
}

export function Filters() {
  return (
    <Chapter id="filters" title="Filters and order">
      <Facts
        label="Filters and order"
        head={["Write", "Means"]}
        rows={[
          [<Code key="a">filter[name][eq]=Van 12</Code>, "equal"],
          [<Code key="b">filter[name][like]=van</Code>, "contains, in upper or lower case"],
          [<Code key="c">filter[vehicle_id][include]=4,17</Code>, "one of these"],
          [<Code key="i">filter[id][in]=4,17</Code>, "these records, archived ones too; 100 at most"],
          [<Code key="l">filter[labels][include]=rental</Code>, "vehicles that carry the label"],
          [<Code key="j">q[name_or_vin_cont]=van</Code>, "one of the two contains it"],
          [<Code key="d">filter[created_at][gte]=2026-01-01</Code>, "at or after; also lt, lte, gt"],
          [<Code key="e">sort[name]=asc</Code>, "in this order; several one after the other"],
        ]}
      />
      <Para>
        Filters are ANDed. A time may carry any offset; without one it is UTC. A filter or order that a list does not
        have is refused with 400, never left out: you will not sync the wrong records by a misspelling. So is the bare
        name of a filter (<Code>?vehicle_id=74</Code>; write <Code>filter[vehicle_id][eq]=74</Code>). Other unknown
        parameters are ignored.
      </Para>
    </Chapter>
  );
}

export function Collections({ empty }: { empty: readonly string[] }) {
  return (
    <Chapter id="collections" title="Archived records and empty collections">
      <Para>
        The lists of vehicles and contacts leave archived ones out; <Code>include_archived=1</Code> brings them in, and{" "}
        <Code>vehicles/archived</Code> and <Code>contacts/archived</Code> list them alone. A PATCH of{" "}
        <Code>/archive</Code> or <Code>/restore</Code> answers 204 without a body; a change of <Code>archived_at</Code>{" "}
        does the same: any date archives now, null restores.
      </Para>
      <Para>
        A vehicle is named by its number, by <Code>vin:</Code> and its VIN, or by the key and value of one of its
        external ids (<Code>vehicles/geotab_id:b1F</Code>), wherever a number stands in an address. Where two vehicles
        have it, the answer is 409 and names them. A reading keeps the time that its date came with; of one day’s
        readings without a time the highest counts, and none may lie more than 24 hours ahead.
      </Para>
      <Para>
        Connectors ask for collections that this fleet keeps nothing of. These lists are always empty, for any key that
        may reach the account, so that a sync goes on. So are their <Code>/archived</Code>, and those of one vehicle (
        <Code>vehicles/17/issues</Code>). They take any filter and order that is well-formed:
      </Para>
      <Para>
        {empty.map((name, index) => (
          <Fragment key={name}>
            {index > 0 && ", "}
            <Code>{name}</Code>
          </Fragment>
        ))}
        .
      </Para>
    </Chapter>
  );
}

export function Versions() {
  return (
    <Chapter id="versions" title="Versions">
      <Para>
        A key is pinned to a version when it is made. <Code>X-Api-Version</Code> overrides it for one request, and the
        answer names the version it speaks in the same header.
      </Para>
      <Facts
        label="Versions"
        head={["Version", "What is different"]}
        rows={[
          [<Code key="1">2025-05-05</Code>, "the latest, and the default for new keys"],
          [
            <Code key="2">2024-06-30</Code>,
            <>
              the same records: no name is ever taken away. A vehicle has <Code>primary_meter_unit</Code> and{" "}
              <Code>meter_unit</Code>, <Code>primary_meter_value</Code> (a text) and <Code>current_meter_value</Code> (a
              number, null without a reading) in every version, also where another record shows it; both names of the
              unit are accepted
            </>,
          ],
          [
            <Code key="3">2024-03-15</Code>,
            <>
              as above; <Code>accounts</Code>, <Code>webhooks</Code> and <Code>webhook_events</Code> are bare arrays
            </>,
          ],
          [<Code key="4">2024-01-01</Code>, "as 2024-03-15"],
          [
            <Code key="5">2023-03-01</Code>,
            <>
              all lists are bare arrays with <Code>page</Code> and <Code>per_page</Code> (100 unless you say otherwise),
              counted in the headers <Code>X-Pagination-…</Code>; filters are written <Code>q[name_eq]=…</Code> and{" "}
              <Code>q[s]=name+asc</Code>, which later versions take too
            </>,
          ],
        ]}
      />
    </Chapter>
  );
}
