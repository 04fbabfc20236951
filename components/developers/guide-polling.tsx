import { followingCode, overlappingCode } from "./polling-code";
import { Bullets, Chapter, Code, CodeBlock, Para } from "./prose";

export function Polling({ api }: { api: string }) {
  return (
    <Chapter id="polling" title="Polling without losing rows">
      <Para>
        Whoever asks for <Code>updated_at</Code> greater than the last one he saw loses rows: a change that began before
        it and ended after it has an earlier time, and several records have the same. There are two ways that lose none.
      </Para>
      <Para>
        <strong>The change feed.</strong> Every list says in <Code>X-Change-Sequence</Code> how far the account’s
        changes had come when it was read. Walk each list once, keep the place of its <em>first</em> page, and follow{" "}
        <Code>GET /changes</Code> from there: it tells what changed in the order in which it was committed, without a
        gap. Each answer’s <Code>next_after</Code> is the next place. With <Code>wait=30</Code> an answer comes as soon
        as there is something to tell; at most 10 requests of a key wait at a time.
      </Para>
      <CodeBlock label="Following the changes">{followingCode(api)}</CodeBlock>
      <Bullets
        items={[
          <>
            410 <Code>walk_anew</Code>: the hub was restored or another server took over, or what comes next is older
            than 30 days. Walk the lists anew; what the new walk does not bring is gone.
          </>,
          <>
            A record is told of by each change of its own fields, whoever made it: a reading tells of the vehicle whose
            meter it moves as well. What your key may not read is left out, and the place goes on.
          </>,
          <>
            Not told is what a record shows of others or of the time: embedded names, counts, fuel economy,{" "}
            <Code>current</Code> and <Code>future</Code>, how a webhook’s deliveries go; and the values of a custom
            field that was deleted (its own entry says that it was). <Code>webhook_events</Code>, vehicle types and
            statuses are not in the feed.
          </>,
          <>
            The list of <Code>accounts</Code> says the place of the key’s own account; each other account has a feed of
            its own.
          </>,
        ]}
      />
      <Para>
        <strong>With an overlap</strong>, for any host that has no feed: ask from the highest time seen less five
        minutes, with <Code>gte</Code>, keep by id, and once a day read all ids to find what was deleted.
      </Para>
      <CodeBlock label="Polling with an overlap">{overlappingCode(api)}</CodeBlock>
    </Chapter>
  );
}
