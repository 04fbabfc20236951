import type { Endpoint } from "../define-endpoint";
import { API_VERSIONS, LATEST_API_VERSION } from "../versions/api-versions";
import { HEADERS, REFUSAL_SCHEMAS, RESPONSES } from "./answers";
import { describeOperation, nothingResponse } from "./describe-operation";
import { CURSOR_PAGE } from "./json-schemas";
import { PAGE_PARAMETERS } from "./list-parameters";
import {
  parameterRef,
  type HttpMethod,
  type JsonSchema,
  type OpenApiDocument,
  type Operation,
  type Parameter,
} from "./open-api";

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  ...PAGE_PARAMETERS,
  AccountToken: {
    name: "Account-Token",
    in: "header",
    required: true,
    description: "The account that the request is for.",
    schema: { type: "string", examples: ["0123456789"] },
  },
  ApiVersion: {
    name: "X-Api-Version",
    in: "header",
    description: "Speaks this version instead of the one that the key is pinned to.",
    schema: { type: "string", enum: API_VERSIONS },
  },
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    description: "Your own name for this request, echoed in the answer.",
    schema: { type: "string", pattern: "^[A-Za-z0-9._-]{1,128}$" },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    description:
      "The `ETag` of the record as you read it, several, or `*`: where the record itself was changed since, nothing is (412).",
    schema: { type: "string" },
  },
  IfNoneMatch: {
    name: "If-None-Match",
    in: "header",
    description:
      "The `ETag` of what you have, several, or `*`: where it is still the same, the answer has no body (304).",
    schema: { type: "string" },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Makes a retry safe: for 24 hours the same key and body get the first answer again, also where that was lost on its way or nobody lived to give it.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
};

const DESCRIPTION = [
  "JSON over HTTPS. `/api/v1`, `/api/v2` and `/api` name the same resources; a trailing slash is accepted, and HEAD wherever GET is.",
  `Versions: ${API_VERSIONS.join(", ")} (latest). A key is pinned to one; \`X-Api-Version\` overrides it for a request. The newest is documented first; where older ones answer otherwise, \`x-api-versions\` says which.`,
  "Unknown JSON fields are ignored, and so are unknown query parameters, except those that would filter or sort: they are refused.",
  "An unexpected fault answers 500 with the same problem document; tell support its `instance`.",
  "No answer claims that nothing was changed unless that is known: where it is not, the `code` is `outcome_unknown`.",
];

type Parameters = Operation["parameters"];

/** Parameters that several operations have alike are told once. */
class SharedParameters {
  readonly #uses = new Map<string, number>();
  readonly #named = new Map<string, string>();
  readonly components: Record<string, Parameter> = { ...PARAMETERS };

  count(parameters: Parameters): void {
    for (const parameter of parameters) {
      const text = JSON.stringify(parameter);
      this.#uses.set(text, (this.#uses.get(text) ?? 0) + 1);
    }
  }

  share(parameters: Parameters): Parameters {
    return parameters.map((parameter) => {
      const text = JSON.stringify(parameter);
      return "$ref" in parameter || (this.#uses.get(text) ?? 0) < 2
        ? parameter
        : parameterRef(this.#nameOf(text, parameter));
    });
  }

  #nameOf(text: string, parameter: Parameter): string {
    const known = this.#named.get(text);
    if (known !== undefined) return known;
    const plain = parameter.name.replace(/\[(\w+)\]/g, ".$1");
    let name = plain;
    for (let number = 2; name in this.components; number++) name = `${plain}.${number}`;
    this.components[name] = parameter;
    this.#named.set(text, name);
    return name;
  }
}

/** `/vehicles/:id` → `/vehicles/{id}` */
export function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

/** The OpenAPI document of these endpoints: what it says is what they are defined by. */
export function describeApi(endpoints: readonly Endpoint[], appUrl: string): OpenApiDocument {
  const paths: Record<string, { [Method in HttpMethod]?: Operation }> = {};
  const schemas: Record<string, JsonSchema> = { ...REFUSAL_SCHEMAS, CursorPage: CURSOR_PAGE };
  const shared = new SharedParameters();
  const described = endpoints.map((endpoint) => ({ endpoint, ...describeOperation(endpoint) }));
  for (const { operation } of described) shared.count(operation.parameters);
  for (const { endpoint, operation, schemas: own } of described) {
    const item = (paths[templateOf(endpoint.path)] ??= {});
    item[endpoint.method.toLowerCase() as HttpMethod] = {
      ...operation,
      parameters: shared.share(operation.parameters),
    };
    for (const [name, schema] of Object.entries(own)) {
      if (name in schemas && JSON.stringify(schemas[name]) !== JSON.stringify(schema))
        throw new Error(`two shapes of the API are called ${name}`);
      schemas[name] = schema;
    }
  }
  const tags = [
    ...new Set(Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags: named }) => named))),
  ];
  return {
    openapi: "3.1.0",
    info: {
      title: "Fleet Advisor Hub",
      version: LATEST_API_VERSION,
      summary: "The fleets of your accounts, over HTTP.",
      description: DESCRIPTION.join("\n\n"),
    },
    servers: [{ url: `${appUrl}/api/v1` }],
    tags: tags.map((name) => ({ name })),
    security: [{ Token: [] }, { Bearer: [] }],
    paths,
    components: {
      schemas,
      parameters: shared.components,
      headers: HEADERS,
      responses: { ...RESPONSES, Nothing: nothingResponse() },
      securitySchemes: {
        Token: { type: "apiKey", in: "header", name: "Authorization", description: "`Authorization: Token YOUR_KEY`" },
        Bearer: { type: "http", scheme: "bearer", description: "`Authorization: Bearer YOUR_KEY`" },
      },
    },
  };
}
