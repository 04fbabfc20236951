import type { z } from "zod";

import { DomainError, noSuchRecord, wrongFields } from "@/lib/platform/errors";
import { secretComplaints } from "@/lib/platform/secret-patterns";
import { HttpRefusal } from "../answer";
import type { Parameter } from "../document/open-api";
import type { OpenRequest } from "../api-request";
import type { ListDefinition, ListRequest } from "../lists/list-definition";
import { readListRequest } from "../lists/list-input";
import type { ApiVersion } from "../versions/api-versions";

/** Takes an endpoint's input out of a request; throws a DomainError or HttpRefusal that says what is wrong with it. */
export interface InputReader<Input> {
  read(request: OpenRequest, version: ApiVersion): Input | Promise<Input>;
  /** What the document says of what stands behind the address, where that asks for no list. */
  readonly query?: readonly Parameter[];
  /** What the document says of the body; left out = none is read. */
  readonly body?: z.ZodType;
  /** A body that works as it stands, but for the ids. */
  readonly example?: unknown;
  /** What it says of the path's names, where they are more than the number of a record. */
  readonly params?: Readonly<Record<string, z.ZodType>>;
}

export const readNothing: InputReader<null> = { read: () => null };

const LARGEST_ID = 2_147_483_647;

/** The `:id` of the path. What cannot be an id is a record that does not exist. */
export const readId: InputReader<{ id: number }> = {
  read: ({ params }) => {
    const text = params.id ?? "";
    const id = Number(text);
    if (!/^[1-9]\d{0,9}$/.test(text) || id > LARGEST_ID) throw noSuchRecord();
    return { id };
  },
};

/** The `:id` of the path, where a record is named by more than its number; `null` = it can name none. */
export function readRef<Ref>(read: (text: string) => Ref | null, shape: z.ZodType): InputReader<{ ref: Ref }> {
  return {
    read: ({ params }) => {
      const ref = read(params.id ?? "");
      if (ref === null) throw noSuchRecord();
      return { ref };
    },
    params: { id: shape },
  };
}

export function readListOf(list: ListDefinition): InputReader<ListRequest> {
  return {
    read: ({ query, accountId }, version) => {
      if (accountId === null) throw new Error(`the list of ${list.resource} is nobody's`);
      return readListRequest(list, query, { accountId, version });
    },
  };
}

/** The record whose list it is, and what is asked of the list. */
export function readListWithin<Owner extends object>(
  readOwner: InputReader<Owner>,
  list: ListDefinition,
): InputReader<ListRequest & Owner> {
  const readRequest = readListOf(list);
  return {
    ...(readOwner.params && { params: readOwner.params }),
    read: async (request, version) => ({
      ...(await readOwner.read(request, version)),
      ...(await readRequest.read(request, version)),
    }),
  };
}

/** The JSON body, through a schema that ignores what it does not know. What holds a secret of ours is refused, wherever it stands. */
export function readBody<Schema extends z.ZodType>(
  schema: Schema,
  { mayHoldSecrets = false, example }: { readonly mayHoldSecrets?: boolean; readonly example?: z.input<Schema> } = {},
): InputReader<z.output<Schema>> {
  const read = async (request: OpenRequest): Promise<z.output<Schema>> => {
    const given = await readJson(request);
    const secrets = mayHoldSecrets ? null : secretComplaints(given);
    if (secrets !== null) throw wrongFields(secrets);
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    const fields: Record<string, string[]> = {};
    for (const { path, code, message } of parsed.error.issues) {
      const isWhole = path.length === 0 && code === "invalid_type";
      (fields[path.join(".") || "base"] ??= []).push(isWhole ? "must be a JSON object" : message);
    }
    throw new DomainError("invalid_input", "Some fields need another look.", fields);
  };
  return { read, body: schema, example };
}

/** A record that exists, and what the body says is to change of it. */
export function readChangesOf<Key extends object, Schema extends z.ZodType>(
  readKey: InputReader<Key>,
  schema: Schema,
  example: z.input<Schema>,
): InputReader<Key & { changes: z.output<Schema> }> {
  const body = readBody(schema);
  return {
    ...(readKey.params && { params: readKey.params }),
    body: schema,
    example,
    read: async (request, version) => ({
      ...(await readKey.read(request, version)),
      changes: await body.read(request, version),
    }),
  };
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/i;
/** In any other the bytes would mean something else. */
const KNOWN_CHARSET = /^"?(?:utf-?8|us-ascii)"?$/i;
const MAX_DEPTH = 20;
/** The escape of a character that PostgreSQL cannot store, itself not escaped. */
const NUL_ESCAPE = /(?<!\\)(?:\\\\)*\\u0000/;
/** Half of a surrogate pair: `stringify` escapes it, and it alone. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

async function readJson(request: OpenRequest): Promise<unknown> {
  const type = request.header("content-type") ?? "";
  if (type === "" && (await hasNoBody(request))) return parseText(JSON.stringify(fieldsOf(request.query)));
  if (!isJson(type)) {
    throw new HttpRefusal(415, "unsupported_media_type", "Send the body as JSON, with Content-Type: application/json.");
  }
  if (!/^(?:identity)?$/i.test(request.header("content-encoding")?.trim() ?? "")) {
    throw new HttpRefusal(415, "unsupported_media_type", "Send the body as it is, without Content-Encoding.");
  }
  return parseText(decodeUtf8(await request.readBody()));
}

/**
 * The oldest client libraries send a record's fields behind the address, and no body. Not where a token in the body is
 * what proves the right: addresses are kept in logs, and nobody has looked for a key in this one.
 */
async function hasNoBody(request: OpenRequest): Promise<boolean> {
  const mayStandThere = request.facts.apiKeyId !== undefined && request.query.size > 0;
  return mayStandThere && (await request.readBody())?.length === 0;
}

/** `name=Van&custom_fields[depot]=North` as `{name, custom_fields: {depot}}`. */
function fieldsOf(query: URLSearchParams): Record<string, unknown> {
  const fields = new Map<string, string | Map<string, string>>();
  for (const [parameter, value] of query) {
    const [, name, key] = /^(\w+)(?:\[(\w+)\])?$/.exec(parameter) ?? [];
    if (name === undefined) continue;
    const held = fields.get(name);
    if (key === undefined) fields.set(name, value);
    else fields.set(name, (held instanceof Map ? held : new Map<string, string>()).set(key, value));
  }
  return Object.fromEntries(
    [...fields].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  );
}

function parseText(text: string): unknown {
  if (isDeeperThan(text, MAX_DEPTH))
    throw new DomainError("bad_request", `The body is nested deeper than ${MAX_DEPTH} levels.`);
  if (NUL_ESCAPE.test(text))
    throw new DomainError("bad_request", "The body holds the character U+0000, which cannot be stored.");
  const value = parseJson(text);
  if (/\\ud[89a-f]/i.test(text) && HALF_CHARACTER.test(JSON.stringify(value))) {
    throw new DomainError(
      "bad_request",
      "The body holds half of a character (a lone surrogate), which cannot be stored.",
    );
  }
  return value;
}

/** Parameters other than the character set say nothing of how to read it. */
function isJson(contentType: string): boolean {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim());
  return (
    JSON_TYPE.test(type) &&
    parameters.every((parameter) => {
      const [, charset] = /^charset\s*=\s*(.*)$/i.exec(parameter) ?? [];
      return charset === undefined || KNOWN_CHARSET.test(charset);
    })
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DomainError("bad_request", "The body is not valid JSON.");
  }
}

function decodeUtf8(body: Buffer | null): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body ?? Buffer.alloc(0));
  } catch {
    throw new DomainError("bad_request", "The body is not valid UTF-8.");
  }
}

/** Looked at before parsing: a parser would go down as deep as it is told. */
function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth > most) return true;
  }
  return false;
}
