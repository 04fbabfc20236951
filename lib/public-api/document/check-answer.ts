import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

import {
  resolved,
  type Header,
  type HttpMethod,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  type Reference,
  type Response,
} from "./open-api";

/** An answer as it came, for the tests that hold it against the document. */
export interface CheckedAnswer {
  readonly method: string;
  /** With or without its query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What an answer contradicts the document in; empty when it does not. */
export type AnswerCheck = (answer: CheckedAnswer) => readonly string[];

interface Place {
  readonly operation: Operation | null;
  /** A pointer into the document, for the schemas below it. */
  readonly pointer: string;
}

const escaped = (step: string) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));

/** Names before places: `/vehicles/archived` is no `/vehicles/{id}`. */
function finderOf(document: OpenApiDocument): (method: string, path: string) => Place | "no such path" {
  const patterns = Object.keys(document.paths)
    .toSorted((left, right) => (left.replaceAll("{", "~") < right.replaceAll("{", "~") ? -1 : 1))
    .map((template) => ({
      template,
      pattern: new RegExp(`^${template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
    }));
  return (method, path) => {
    const resource = /^\/api(?:\/v[12])?(\/[^/?].*?)\/?(?:\?.*)?$/.exec(path)?.[1];
    const found = resource === undefined ? undefined : patterns.find(({ pattern }) => pattern.test(resource));
    if (!found) return "no such path";
    const name = (method === "HEAD" ? "GET" : method).toLowerCase() as HttpMethod;
    return {
      operation: document.paths[found.template]?.[name] ?? null,
      pointer: `#/paths/${escaped(found.template)}/${name}`,
    };
  };
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const isInstant = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

class Checker {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, formats: { date: DAY, "date-time": isInstant } });
  readonly #find: ReturnType<typeof finderOf>;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(readonly document: OpenApiDocument) {
    this.#find = finderOf(document);
    this.#ajv.addSchema(document, "openapi");
  }

  check(answer: CheckedAnswer): string[] {
    const place = this.#find(answer.method, answer.path);
    if (place === "no such path")
      return this.#against({ $ref: "#/components/responses/NotFound" }, "", answer, [404, 400, 503]);
    if (place.operation === null)
      return this.#against({ $ref: "#/components/responses/MethodNotAllowed" }, "", answer, [405, 503]);
    const response = place.operation.responses[String(answer.status)];
    if (response === undefined) return [`${answer.status} is not among its answers: ${answer.text.slice(0, 300)}`];
    return this.#against(response, `${place.pointer}/responses/${answer.status}`, answer, null);
  }

  #against(
    named: Response | Reference,
    pointer: string,
    answer: CheckedAnswer,
    allowed: readonly number[] | null,
  ): string[] {
    if (allowed && !allowed.includes(answer.status))
      return [`${answer.status} where only ${allowed.join(" or ")} may be: ${answer.text.slice(0, 300)}`];
    // Where the path is none of ours, only the first refusals apply.
    const reference =
      allowed && answer.status !== allowed[0]
        ? { $ref: `#/components/responses/${answer.status === 503 ? "Unavailable" : "BadRequest"}` }
        : named;
    const response = resolved(this.document, reference);
    const at = "$ref" in reference ? reference.$ref : pointer;
    return [...this.#headers(response, answer), ...this.#body(response, at, answer)];
  }

  #headers(response: Response, { headers }: CheckedAnswer): string[] {
    return Object.entries(response.headers ?? {}).flatMap(([name, reference]) => {
      const header = resolved<Header>(this.document, reference);
      const value = headers[name.toLowerCase()];
      if (value === undefined) return header.required ? [`the header ${name} is missing`] : [];
      const pointer = `#/components/headers/${escaped(name)}/schema`;
      return this.#validator(pointer)(value) ? [] : [`the header ${name} is ${JSON.stringify(value)}`];
    });
  }

  #body({ content }: Response, pointer: string, { method, status, headers, text }: CheckedAnswer): string[] {
    if (method === "HEAD") return [];
    if (content === undefined) return text === "" ? [] : [`has a body: ${text.slice(0, 300)}`];
    const type = String(headers["content-type"] ?? "").split(";")[0] ?? "";
    const schema = content[type]?.schema;
    if (schema === undefined) return [`${status} as ${type || "nothing"}: ${text.slice(0, 300)}`];
    const at = `${pointer}/content/${escaped(type)}/schema${this.#alternative(schema, headers["x-api-version"])}`;
    const validate = this.#validator(at);
    if (validate(JSON.parse(text))) return [];
    return (validate.errors ?? [])
      .slice(0, 10)
      .map(
        ({ instancePath, message, params }) =>
          `${instancePath || "/"} ${message} ${JSON.stringify(params)}: ${text.slice(0, 300)}`,
      );
  }

  /** Not any of them will do: the one of the version that the answer names. */
  #alternative({ anyOf }: JsonSchema, version: unknown): string {
    const index = anyOf?.findIndex((schema) => schema["x-api-versions"]?.includes(String(version))) ?? -1;
    return index === -1 ? "" : `/anyOf/${index}`;
  }

  #validator(pointer: string): ValidateFunction {
    const held = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: `openapi${pointer}` });
    this.#validators.set(pointer, held);
    return held;
  }
}

export function answerCheck(document: OpenApiDocument): AnswerCheck {
  const checker = new Checker(document);
  return (answer) => checker.check(answer);
}
