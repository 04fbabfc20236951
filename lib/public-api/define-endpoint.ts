import type { z } from "zod";

import { mutateTogether, type Tx } from "@/lib/audit-log/mutate";
import { markEntry } from "@/lib/auth/entries";
import type { AuthenticatedKey } from "@/lib/auth/credentials";
import type { AccountlessPermission, Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { jsonAnswer, type Answer } from "./answer";
import type { ApiRequest } from "./api-request";
import { requireMatch, tagged } from "./entity-tag";
import type { ListDefinition, ListPage, ListRequest } from "./lists/list-definition";
import type { Asker } from "./lists/list-input";
import { runIdempotently } from "./idempotency";
import { listAnswer } from "./lists/present-list";
import { resolveAccount } from "./stages/account";
import { authenticate, type Addressing, type Authenticated } from "./stages/authenticate";
import { openBody } from "./stages/open-body";
import { readListOf, readListWithin, type InputReader } from "./stages/parse";
import { checkPermission } from "./stages/permission";
import { checkPlanAndState, type Entitled } from "./stages/plan-and-state";
import { checkSourceAddress } from "./stages/source-address";
import { checkRateLimit, countedBefore, setRateHeadersUncounted } from "./stages/rate-limit";
import { chooseVersion, type Versioned } from "./stages/version";
import { stepDown } from "./versions/step-down";

export type ApiMethod = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
export type KeyPermission = Exclude<Permission, AccountlessPermission>;
type Shape = Readonly<Record<string, unknown>>;

/** Told of every use of a valid key, from an address that it may be used from. */
export type UseListener = (key: AuthenticatedKey, request: ApiRequest) => void;

/** What an operation is called in the document, and by what is generated from it. */
export interface OperationName {
  readonly summary: string;
  readonly operationId: string;
}

/** What the document says of an operation in words. */
export interface OperationWords {
  /** Left out = by its method and address: "Create a vehicle". */
  readonly named?: OperationName;
  /** What its fields do not say, for whoever calls it. */
  readonly note?: string;
}

/** What the document says of an endpoint, besides its address and permission. */
export interface EndpointContract extends OperationWords {
  /** Whose records it answers with; null for what is no record. */
  readonly resource: string | null;
  /** Null where no key is asked for. */
  readonly account: Addressing | null;
  readonly input: Pick<InputReader<unknown>, "body" | "example" | "params" | "query">;
  readonly list: ListDefinition | null;
  /** The answer, or each of its records, in the newest shape; null where there is no body. */
  readonly shape: z.ZodType | null;
  readonly warns: boolean;
  /** It follows the account's changes, and may have to say that it cannot from there on. */
  readonly follows?: true;
}

export interface Endpoint {
  readonly method: ApiMethod;
  /** Below `/api/v1`, such as `/vehicles/:id`. */
  readonly path: string;
  readonly permission: Permission;
  /** Runs the stages, each taking what the one before made. Throws refusals. */
  readonly handle: (request: ApiRequest, onUse: UseListener) => Promise<Answer>;
  readonly contract: EndpointContract;
}

export interface Route<P extends Permission> extends OperationWords {
  readonly method: ApiMethod;
  readonly path: string;
  readonly permission: P;
  readonly account: Addressing;
}

/** What changes a record reads it first where the caller asks whether it is still the one that he read (`If-Match`). */
interface Held<P extends KeyPermission, Input> {
  readonly method: "PATCH" | "DELETE";
  /** Locked as `run` locks it, so that nobody changes it in between. @throws DomainError not_found */
  readonly held: (tx: Tx, permit: Permit<P>, input: Input) => Promise<{ readonly updatedAt: Date }>;
}

interface NotHeld {
  readonly method: "GET" | "POST";
}

export type EndpointDefinition<P extends KeyPermission, Input, Result> = RecordDefinition<P, Input, Result> &
  (NotHeld | Held<P, Input>);

interface RecordDefinition<P extends KeyPermission, Input, Result> extends Omit<Route<P>, "method"> {
  /** Whose records it answers with: a version may know them in another shape. */
  readonly resource: string;
  readonly input: InputReader<Input>;
  readonly run: (permit: Permit<P>, input: Input) => Promise<Result>;
  /** The newest shape. */
  readonly present: (result: Result) => Shape;
  /** The same for the document; the presenter's own type is made of it. */
  readonly shape?: z.ZodType;
  /** It answers 204 without a body, as a DELETE does. */
  readonly saysNothing?: true;
  /** What is doubtful of a record that was taken all the same, for the header `X-Warning`. */
  readonly warn?: (result: Result) => string | null;
}

interface ListEndpointDefinition<P extends KeyPermission, Row, Request extends ListRequest> extends Omit<
  Route<P>,
  "method"
> {
  readonly list: ListDefinition;
  readonly run: (permit: Permit<P>, request: Request) => Promise<ListPage<Row>>;
  readonly present: (row: Row) => Shape;
  readonly shape?: z.ZodType;
}

/** Who asks, and whether he has the record already. */
interface Concluded extends Asker {
  readonly ifNoneMatch: string | undefined;
}

type Conclude<Input, Result> = (input: Input, result: Result, asker: Concluded) => Answer;

/** From where, for which account, and whether that one has the API; a refusal here tells the quota all the same. */
async function entitle(authenticated: Authenticated, addressing: Addressing, onUse: UseListener): Promise<Entitled> {
  const { request, key } = authenticated;
  try {
    const located = checkSourceAddress(authenticated);
    onUse(key, request);
    return checkPlanAndState(resolveAccount(located, addressing));
  } catch (error) {
    const { id: accountId, plan } = key.ownAccount;
    await setRateHeadersUncounted(request, {
      apiKeyId: key.apiKeyId,
      accountId,
      plan,
      ownQuota: key.rateLimitPerMinute,
    });
    throw error;
  }
}

/** Every stage before the input. */
export async function admit<P extends KeyPermission>(
  request: ApiRequest,
  { account, permission }: Route<P>,
  onUse: UseListener,
): Promise<Versioned<P>> {
  const authenticated = await authenticate(request, account);
  const entitled = await entitle(authenticated, account, onUse);
  return chooseVersion(checkPermission(await checkRateLimit(entitled), permission));
}

/** The same for a request that has waited: what was taken away meanwhile counts, and it is counted no second time. */
export async function admitAgain<P extends KeyPermission>(
  request: ApiRequest,
  { account, permission }: Route<P>,
): Promise<Versioned<P>> {
  const authenticated = await authenticate(request, account);
  const entitled = await entitle(authenticated, account, () => undefined);
  return chooseVersion(checkPermission(countedBefore(entitled), permission));
}

/** What an endpoint does between the stages. */
interface Steps<P extends KeyPermission, Input, Result> {
  readonly input: InputReader<Input>;
  readonly run: (permit: Permit<P>, input: Input) => Promise<Result>;
  readonly conclude: Conclude<Input, Result>;
  readonly held?: Held<P, Input>["held"];
}

/** Changes a record only if it still is the one that the caller read; of two who ask so at once one is refused. */
function runIfMatch<P extends KeyPermission, Input, Result>(
  ifMatch: string,
  held: Held<P, Input>["held"],
  run: Steps<P, Input, Result>["run"],
): Steps<P, Input, Result>["run"] {
  return (permit, input) =>
    mutateTogether(permit, async (tx) => {
      requireMatch(ifMatch, await held(tx, permit, input));
      return run(permit, input);
    });
}

/** The words of a definition alone. */
export function wordsIn({ named, note }: OperationWords): OperationWords {
  return { ...(named && { named }), ...(note && { note }) };
}

function makeEndpoint<P extends KeyPermission, Input, Result>(
  route: Route<P>,
  contractFacts: Pick<EndpointContract, "resource" | "list" | "shape" | "warns">,
  { input, run, conclude, held }: Steps<P, Input, Result>,
): Endpoint {
  const handle: Endpoint["handle"] = async (request, onUse) => {
    const versioned = await admit(request, route, onUse);
    const { version, permit, key, account } = versioned;
    const opened = openBody(versioned);
    const parsed = await input.read(opened, version);
    const ifMatch = opened.header("if-match");
    const act = ifMatch !== undefined && held ? runIfMatch(ifMatch, held, run) : run;
    const ifNoneMatch = route.method === "GET" ? opened.header("if-none-match") : undefined;
    const perform = async () => {
      const asker = { version, accountId: account.id, ifNoneMatch };
      const { status, headers, body } = conclude(parsed, await act(permit, parsed), asker);
      return { status, headers: { ...headers, "X-Api-Version": version }, body };
    };
    if (route.method !== "POST") return perform();
    const { apiKeyId } = key;
    return runIdempotently(permit, opened, { path: route.path, apiKeyId, accountId: account.id }, perform);
  };
  const { method, path, permission, account } = route;
  const contract: EndpointContract = { ...contractFacts, ...wordsIn(route), account, input };
  return markEntry({ method, path, permission, handle, contract }, { kind: "endpoint", permission });
}

/** One record in, one out: 200, or 201 with its address when it was made, or 204 when it is gone or nothing is to be said of it. */
export function defineEndpoint<P extends KeyPermission, Input, Result>(
  definition: EndpointDefinition<P, Input, Result>,
): Endpoint {
  const { method, path, resource, present, shape, warn } = definition;
  const saysNothing = method === "DELETE" || definition.saysNothing === true;
  const contractFacts = {
    resource,
    list: null,
    shape: saysNothing ? null : (shape ?? null),
    warns: warn !== undefined,
  };
  const conclude: Conclude<Input, Result> = (_input, result, { version, ifNoneMatch }) => {
    if (saysNothing) return { status: 204, headers: {}, body: null };
    const record = present(result);
    const body = stepDown(resource, version, record);
    const warning = warn?.(result) ?? null;
    const headers: Record<string, string> = warning === null ? {} : { "X-Warning": warning };
    const answer =
      method === "POST"
        ? jsonAnswer(201, body, { ...headers, Location: `/api/v1${path}/${String(record.id)}` })
        : jsonAnswer(200, body, headers);
    return tagged(answer, record, ifNoneMatch);
  };
  const held = "held" in definition ? { held: definition.held } : {};
  return makeEndpoint(definition, contractFacts, { input: definition.input, run: definition.run, conclude, ...held });
}

/** A page of records, filtered, sorted and paged as the caller's version has it. */
export function defineListEndpoint<P extends KeyPermission, Row>(
  definition: ListEndpointDefinition<P, Row, ListRequest>,
): Endpoint {
  return makeListEndpoint(definition, readListOf(definition.list));
}

/** The same of the records that belong to the one which the path names. */
export function defineNestedListEndpoint<P extends KeyPermission, Row, Owner extends object>(
  definition: ListEndpointDefinition<P, Row, ListRequest & Owner> & { readonly owner: InputReader<Owner> },
): Endpoint {
  return makeListEndpoint(definition, readListWithin(definition.owner, definition.list));
}

function makeListEndpoint<P extends KeyPermission, Row, Request extends ListRequest>(
  definition: ListEndpointDefinition<P, Row, Request>,
  input: InputReader<Request>,
): Endpoint {
  const { list, present, shape } = definition;
  const contractFacts = { resource: list.resource, list, shape: shape ?? null, warns: false };
  const conclude: Conclude<Request, ListPage<Row>> = (request, page, asker) => {
    const records = page.rows.map((row) => stepDown(list.resource, asker.version, present(row)));
    return listAnswer({ list, request, accountId: asker.accountId }, page, records);
  };
  return makeEndpoint({ ...definition, method: "GET" }, contractFacts, { input, run: definition.run, conclude });
}
