import type { z } from "zod";

import { markEntry } from "@/lib/auth/entries";
import type { AccountlessPermission } from "@/lib/auth/permissions";
import { anyonesAuthContext, type Permit } from "@/lib/auth/permit";
import { admit } from "@/lib/entry/attempt";
import { receive, type Reception, type SignedRequest } from "@/lib/entry/receive";
import type { Answer } from "./answer";
import type { ApiRequest } from "./api-request";
import { wordsIn, type ApiMethod, type Endpoint, type OperationWords } from "./define-endpoint";
import { openBodyOfAnyone } from "./stages/open-body";
import type { InputReader } from "./stages/parse";
import { checkNetworkRate } from "./stages/rate-limit";
import { LATEST_API_VERSION } from "./versions/api-versions";

interface PublicRoute<P extends AccountlessPermission> extends OperationWords {
  readonly method: ApiMethod;
  readonly path: string;
  readonly permission: P;
  /** What the document says of the answer; left out = it has no body. */
  readonly shape?: z.ZodType;
}

interface PublicEndpointDefinition<P extends AccountlessPermission, Input, Result> extends PublicRoute<P> {
  /** What proves the identity's right stands in the request itself, such as a token in the body. */
  readonly input: InputReader<Input>;
  readonly run: (permit: Permit<P>, input: Input) => Promise<Result>;
  readonly conclude: (result: Result) => Answer;
}

interface SignedEndpointDefinition<P extends AccountlessPermission, Keys, Message, Result>
  extends PublicRoute<P>, Reception<P, Keys, Message, Result> {
  readonly permission: P;
  readonly conclude: (result: Result) => Answer;
}

function publicEndpoint<P extends AccountlessPermission>(
  { method, path, permission, shape, ...words }: PublicRoute<P>,
  input: Endpoint["contract"]["input"],
  handle: (request: ApiRequest) => Promise<Answer>,
): Endpoint {
  const facts = { resource: null, account: null, list: null, shape: shape ?? null, warns: false };
  const contract = { ...facts, ...wordsIn(words), input };
  return markEntry({ method, path, permission, handle, contract }, { kind: "endpoint", permission });
}

/** A way in that needs no API key; where somebody sends something, he is counted by where he sends it from. */
export function definePublicEndpoint<P extends AccountlessPermission, Input, Result>(
  definition: PublicEndpointDefinition<P, Input, Result>,
): Endpoint {
  const { permission, input, run, conclude } = definition;
  return publicEndpoint(definition, input, async (request) => {
    if (input.body) await checkNetworkRate(request);
    const read = (permit: Permit<P>) => input.read(openBodyOfAnyone(request, permit), LATEST_API_VERSION);
    return conclude(await admit({ permission, read, run }, anyonesAuthContext(request.origin)));
  });
}

/** The same for another service: its signature over the raw body is looked at before anybody reads the body. */
export function defineSignedEndpoint<P extends AccountlessPermission, Keys, Message, Result>(
  definition: SignedEndpointDefinition<P, Keys, Message, Result>,
): Endpoint {
  return publicEndpoint(definition, {}, async (request) => {
    const signed: SignedRequest = {
      headers: (name) => [request.header(name) ?? []].flat(),
      readBody: (permit) => openBodyOfAnyone(request, permit).readBody(),
    };
    return definition.conclude(await receive(definition, anyonesAuthContext(request.origin), signed));
  });
}
