import type { z } from "zod";

import { markEntry } from "@/lib/auth/entries";
import type { Permit } from "@/lib/auth/permit";
import { jsonAnswer } from "./answer";
import { admit, admitAgain, wordsIn, type Endpoint, type KeyPermission, type Route } from "./define-endpoint";
import { openBody } from "./stages/open-body";
import type { InputReader } from "./stages/parse";
import { waitingRoom } from "./waiting-room";

type Shape = Readonly<Record<string, unknown>>;

interface WaitingEndpointDefinition<P extends KeyPermission, Input, Result> extends Omit<Route<P>, "method"> {
  readonly input: InputReader<Input>;
  readonly run: (permit: Permit<P>, input: Input) => Promise<Result>;
  /** Whether there is something to answer with before the time is up. */
  readonly isNews: (result: Result) => boolean;
  readonly present: (result: Result) => Shape;
  readonly shape: z.ZodType;
}

/**
 * A question that may wait for its answer until something of the account changes. It holds nothing meanwhile but a
 * place in the waiting room; when it wakes, all stages are passed again: what was taken away counts.
 */
export function defineWaitingEndpoint<P extends KeyPermission, Input extends { readonly waitSeconds: number }, Result>(
  definition: WaitingEndpointDefinition<P, Input, Result>,
): Endpoint {
  const { path, permission, account, input, run, isNews, present, shape } = definition;
  const route = { method: "GET", path, permission, account } as const;
  const handle: Endpoint["handle"] = async (request, onUse) => {
    let admitted = await admit(request, route, onUse);
    const { version, key } = admitted;
    const asked = await input.read(openBody(admitted), version);
    const place = waitingRoom().enter({
      apiKeyId: key.apiKeyId,
      accountId: admitted.account.id,
      waitMs: asked.waitSeconds * 1000,
    });
    request.whenGone(() => place.leave());
    try {
      for (;;) {
        const result = await run(admitted.permit, asked);
        if (isNews(result) || place.isOver()) return jsonAnswer(200, present(result), { "X-Api-Version": version });
        await place.changed();
        admitted = await admitAgain(request, route);
      }
    } finally {
      place.leave();
    }
  };
  const words = wordsIn(definition);
  const contract = {
    ...words,
    resource: null,
    account,
    input,
    list: null,
    shape,
    warns: false,
    follows: true as const,
  };
  return markEntry({ ...route, handle, contract }, { kind: "endpoint", permission });
}
