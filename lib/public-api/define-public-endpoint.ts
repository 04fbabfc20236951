import type { z } from "zod";

import { markEntry } from "@/lib/auth/entries";
import type { AccountlessPermission } from "@/lib/auth/permissions";
import { authorize, type Permit } from "@/lib/auth/permit";
import type { Answer } from "./answer";
import type { ApiRequest } from "./api-request";
import type { ApiMethod, Endpoint } from "./define-endpoint";
import type { InputReader } from "./stages/parse";
import { LATEST_API_VERSION } from "./versions/api-versions";

interface PublicEndpointDefinition<P extends AccountlessPermission, Input, Result> {
  readonly method: ApiMethod;
  readonly path: string;
  readonly permission: P;
  /** What proves the caller's right stands in the request itself: a token in the body, a signature over it. */
  readonly input: InputReader<Input>;
  readonly run: (permit: Permit<P>, input: Input) => Promise<Result>;
  readonly conclude: (result: Result) => Answer;
  /** What the document says of the answer; left out = it has no body. */
  readonly shape?: z.ZodType;
}

/** A way in that needs no API key. */
export function definePublicEndpoint<P extends AccountlessPermission, Input, Result>(
  definition: PublicEndpointDefinition<P, Input, Result>,
): Endpoint {
  const { method, path, permission, input, run, conclude, shape = null } = definition;
  const handle = async (request: ApiRequest): Promise<Answer> => {
    const permit = authorize({ actor: { kind: "anyone" }, account: null, origin: request.origin }, permission);
    return conclude(await run(permit, await input.read(request, LATEST_API_VERSION)));
  };
  return markEntry(
    {
      method,
      path,
      permission,
      handle,
      contract: { resource: null, account: null, input, list: null, shape, warns: false },
    },
    { kind: "endpoint", permission },
  );
}
