import { resolved, type OpenApiDocument, type Operation, type Response } from "@/lib/public-api/document/open-api";
import type { Anchor } from "./developer-frame";
import { Fields, OperationSection, recordNameOf, type NamedOperation } from "./operation-section";
import { Code, CodeBlock, Facts, Para } from "./prose";
import { curlExample } from "./curl-example";

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly operations: readonly NamedOperation[];
  /** The records that its operations answer with, in the newest shape. */
  readonly records: readonly string[];
}

const EMPTY = "Empty collections";

export function groupsOf(document: OpenApiDocument): Group[] {
  const all = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item).map(([method, operation]: [string, Operation]) => ({ template, method, operation })),
  );
  return document.tags.map(({ name }) => {
    const operations = all.filter(({ operation }) => operation.tags.includes(name));
    const records = operations
      .map(({ operation }) => recordOf(document, operation))
      .filter((record) => record !== null);
    return { id: `group-${name.toLowerCase().replaceAll(" ", "-")}`, name, operations, records: [...new Set(records)] };
  });
}

function recordOf(document: OpenApiDocument, { responses }: Operation): string | null {
  const success = responses["200"] ?? responses["201"];
  const schema = success && resolved<Response>(document, success).content?.["application/json"]?.schema;
  return schema ? recordNameOf(schema) : null;
}

/** The names of the lists that are always empty; each also has an archive, and one of each vehicle. */
export function emptyCollectionsOf(document: OpenApiDocument): string[] {
  const empty = groupsOf(document).find(({ name }) => name === EMPTY);
  return (empty?.operations ?? []).map(({ template }) => template.slice(1)).filter((name) => !name.includes("/"));
}

export function anchorsOf(groups: readonly Group[]): Anchor[] {
  return groups.map(({ id, name }) => ({ id, label: name }));
}

/** Everything that the document says, on one page: the browser's own search finds it. */
export function Reference({ document, groups }: { document: OpenApiDocument; groups: readonly Group[] }) {
  const shown = new Set<string>();
  return groups.map((group) => {
    const own = group.records.filter((record) => !shown.has(record) && document.components.schemas[record]);
    for (const record of own) shown.add(record);
    return <GroupSection key={group.id} document={document} group={group} records={own} />;
  });
}

function GroupSection({
  document,
  group,
  records,
}: {
  document: OpenApiDocument;
  group: Group;
  records: readonly string[];
}) {
  return (
    <section aria-labelledby={group.id} className="grid grid-cols-[minmax(0,1fr)] gap-8 border-t border-line pt-6">
      <h2 id={group.id} className="scroll-mt-6 text-20 font-semibold tracking-[-.01em]">
        {group.name}
      </h2>
      {group.name === EMPTY ? (
        <EmptyCollections document={document} group={group} />
      ) : (
        group.operations.map((named) => (
          <OperationSection key={named.operation.operationId} document={document} named={named} />
        ))
      )}
      {records.map((record) => (
        <section key={record} aria-labelledby={`record-${record}`} className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
          <h3 id={`record-${record}`} className="scroll-mt-6 text-16 font-semibold">
            {record}
          </h3>
          <Older document={document} record={record} />
          <Fields label={`Fields: ${record}`} head="Field" schema={document.components.schemas[record] ?? {}} />
        </section>
      ))}
    </section>
  );
}

/** What older versions call otherwise. */
function Older({ document, record }: { document: OpenApiDocument; record: string }) {
  const newest = Object.keys(document.components.schemas[record]?.properties ?? {});
  const older = Object.entries(document.components.schemas).filter(([name]) => name.startsWith(`${record}.`));
  return older.map(([name, { properties = {} }]) => {
    const theirs = Object.keys(properties).filter((field) => !newest.includes(field));
    const ours = newest.filter((field) => !(field in properties));
    return (
      <Para key={name}>
        Up to version {name.slice(record.length + 1)}: <Code>{theirs.join(", ")}</Code> instead of{" "}
        <Code>{ours.join(", ")}</Code>.
      </Para>
    );
  });
}

function EmptyCollections({ document, group }: { document: OpenApiDocument; group: Group }) {
  const [first] = group.operations;
  return (
    <>
      <Para>
        Connectors ask for these lists. This fleet keeps nothing of the kind: each answers an empty page to any key that
        may reach the account, so that a sync goes on.
      </Para>
      <Facts
        label="Empty collections"
        head={["List", "Operation"]}
        rows={group.operations.map(({ template, operation }) => [
          <Code key="a">GET {template}</Code>,
          operation.summary,
        ])}
      />
      {first && (
        <CodeBlock label={`Request: ${first.operation.summary}`}>
          {curlExample(document, first.method, first.template, first.operation)}
        </CodeBlock>
      )}
    </>
  );
}
