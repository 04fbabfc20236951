import type { ReactNode } from "react";

import { Link } from "@/components/ui/link";
import {
  resolved,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Response,
} from "@/lib/public-api/document/open-api";
import { curlExample } from "./curl-example";
import { Code, CodeBlock, Facts, Ticked } from "./prose";
import { fieldsOf, linkedName, typeWords } from "./schema-words";

export interface NamedOperation {
  readonly template: string;
  readonly method: string;
  readonly operation: Operation;
}

/** One operation: what it does, what it takes, what it answers, and a request to paste. */
export function OperationSection({ document, named }: { document: OpenApiDocument; named: NamedOperation }) {
  const { template, method, operation } = named;
  const parameters = operation.parameters.map((parameter) => resolved<Parameter>(document, parameter));
  const body = operation.requestBody?.content["application/json"]?.schema;
  return (
    <section aria-labelledby={operation.operationId} className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
      <h3 id={operation.operationId} className="scroll-mt-6 text-16 font-semibold">
        {operation.summary}
      </h3>
      <p className="font-mono text-13 wrap-anywhere">
        <span className="font-semibold text-accent">{method.toUpperCase()}</span> {template}
      </p>
      <p className="max-w-[72ch] text-text-2">
        <Ticked>{operation.description}</Ticked>
      </p>
      <Parameters label={operation.summary} parameters={parameters} />
      {body && <Fields label={`Body: ${operation.summary}`} head="Body" schema={body} />}
      <Answers document={document} operation={operation} />
      <CodeBlock label={`Request: ${operation.summary}`}>
        {curlExample(document, method, template, operation)}
      </CodeBlock>
    </section>
  );
}

function Parameters({ label, parameters }: { label: string; parameters: readonly Parameter[] }) {
  const plain = parameters.filter(
    (parameter) => parameter.in === "path" || (parameter.in === "query" && parameter.style !== "deepObject"),
  );
  const filters = parameters.filter(({ name }) => name.startsWith("filter["));
  const sort = parameters.find(({ name }) => name === "sort");
  const rows: ReactNode[][] = plain.map(({ name, description, schema }) => [
    <Code key={name}>{name}</Code>,
    <Ticked key="words">{typeWords(schema)}</Ticked>,
    <Ticked key="use">{description ?? schema.description ?? ""}</Ticked>,
  ]);
  for (const { name, schema } of filters)
    rows.push([
      <Code key={name}>{name}</Code>,
      "filter",
      <Ticked key="use">
        {Object.keys(schema.properties ?? {})
          .map((operator) => `\`[${operator}]\``)
          .join(" ")}
      </Ticked>,
    ]);
  if (sort)
    rows.push([
      <Code key="sort">sort[…]</Code>,
      "order",
      <Ticked key="use">
        {Object.keys(sort.schema.properties ?? {})
          .map((field) => `\`${field}\``)
          .join(" ")}
      </Ticked>,
    ]);
  return rows.length === 0 ? null : (
    <Facts label={`Parameters: ${label}`} head={["Parameter", "Type", "Use"]} rows={rows} />
  );
}

/** An object's fields; of nested ones their names. */
export function Fields({ label, head, schema }: { label: string; head: string; schema: JsonSchema }) {
  const rows = fieldsOf(schema).map(([name, field]) => [
    <Code key={name}>{name}</Code>,
    <Ticked key="words">{typeWords(field)}</Ticked>,
    <Ticked key="use">
      {[
        schema.required?.includes(name) && head === "Body" ? "Required." : "",
        field.description ?? "",
        nestedWords(field),
      ]
        .filter(Boolean)
        .join(" ")}
    </Ticked>,
  ]);
  return rows.length === 0 ? null : <Facts label={label} head={[head, "Type", "Use"]} rows={rows} />;
}

function nestedWords(field: JsonSchema): string {
  const names = [...fieldsOf(field), ...(field.items ? fieldsOf(field.items) : [])].map(([name]) => `\`${name}\``);
  return names.length === 0 ? "" : `With ${names.join(", ")}.`;
}

function Answers({ document, operation }: { document: OpenApiDocument; operation: Operation }) {
  const [success = "", ...refusals] = Object.keys(operation.responses);
  const response = operation.responses[success];
  const schema = response && resolved<Response>(document, response).content?.["application/json"]?.schema;
  const record = schema ? recordNameOf(schema) : null;
  const component = record === null ? undefined : document.components.schemas[record];
  return (
    <p className="text-13 text-text-2">
      Answers <Code>{success}</Code>
      {component && record && (
        <>
          {" with "}
          <a href={`#record-${record}`} className="text-accent underline">
            {record}
          </a>
        </>
      )}
      . Refusals: {refusals.join(", ")} (
      <Link href="/developers#errors" className="text-accent underline">
        Errors
      </Link>
      ).
    </p>
  );
}

/** The record that an answer holds, alone or in its list, in the newest shape. */
export function recordNameOf(schema: JsonSchema): string | null {
  if (schema.$ref) return linkedName(schema.$ref);
  if (schema.anyOf?.[0]) return recordNameOf(schema.anyOf[0]);
  const page = (schema.allOf as readonly JsonSchema[] | undefined)?.find(({ properties }) => properties?.records);
  const items = (page?.properties?.records ?? schema).items;
  return items?.$ref ? linkedName(items.$ref) : null;
}
