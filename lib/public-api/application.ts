import type { IncomingMessage, ServerResponse } from "node:http";

import { abandonChanges, mayHaveChanged } from "@/lib/auth/track-commits";
import { refusalIn } from "@/lib/entry/failure";
import { databaseState } from "@/lib/platform/database/state";
import { DomainError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import {
  HttpRefusal,
  outcomeUnknownAnswer,
  refusalAnswer,
  sendAnswer,
  unavailableAnswer,
  unexpectedAnswer,
  type Answer,
} from "./answer";
import { apiRequest, type ApiRequest } from "./api-request";
import type { Endpoint, UseListener } from "./define-endpoint";
import { resourcePath, routesOf, type MatchedRoute, type Routes } from "./routes";
import { checkEnvelope } from "./stages/envelope";
import { logLine } from "./stages/log-line";

/** What the edge knows of a request. */
export interface RequestSource {
  readonly path: string;
  readonly ip: string | null;
  readonly requestId: string;
}

export type ApiHandler = (req: IncomingMessage, res: ServerResponse, source: RequestSource) => Promise<void>;

/** Told of every answer to a known key, refusals included. */
export type AnswerListener = (apiKeyId: number, status: number) => void;

/** The public API as one request handler of a plain Node server. */
export function createApiHandler(
  endpoints: readonly Endpoint[],
  onUse: UseListener,
  onAnswer: AnswerListener = () => undefined,
): ApiHandler {
  const routes = routesOf(endpoints);
  return async (req, res, source) => {
    const startedAtMs = performance.now();
    const path = resourcePath(source.path);
    const matched = path === null ? null : routes.match(req.method ?? "", path);
    const request = apiRequest(req, res, matched?.params ?? {}, source);
    const answer = await answerOrRefuse(request, async () => {
      const { endpoint } = matched ?? refuseRoute(routes, path, req.method ?? "");
      return endpoint.handle(await checkEnvelope(req, request), onUse);
    });
    // A body without an end that nobody reads would hold the connection.
    if (req.headers["transfer-encoding"] !== undefined && !req.complete) res.setHeader("Connection", "close");
    sendAnswer(res, { ...answer, headers: { ...versionHeader(request), ...answer.headers, ...request.answerHeaders } });
    if (request.facts.apiKeyId !== undefined) onAnswer(request.facts.apiKeyId, answer.status);
    logLine(request, matched?.endpoint.path ?? "unknown", answer.status, startedAtMs);
  };
}

/** Also a refusal speaks a version once one was chosen; an answer that is given again, the one it was first given in. */
function versionHeader({ facts }: ApiRequest): Record<string, string> {
  return facts.version === undefined ? {} : { "X-Api-Version": facts.version };
}

function refuseRoute(routes: Routes, path: string | null, method: string): MatchedRoute {
  const offered = path === null ? [] : routes.methodsAt(path);
  if (offered.length === 0)
    throw new DomainError(
      "not_found",
      "There is nothing at this address. The resources are listed in the developer guide.",
    );
  throw new HttpRefusal(405, "method_not_allowed", `${method} is not offered here.`, { Allow: offered.join(", ") });
}

/**
 * Answers in any case, and within seconds when the database goes away meanwhile: a connection that hangs says nothing.
 * Who was told that nothing was changed has nothing changed afterwards either.
 */
function answerOrRefuse(request: ApiRequest, work: () => Promise<Answer>): Promise<Answer> {
  if (databaseState().isDown()) return Promise.resolve(unavailableAnswer(request.requestId));
  return new Promise((resolve) => {
    const forgo = databaseState().onDown(() => resolve(answerToOutage(request, abandonChanges(request.origin))));
    work()
      .catch((error: unknown) => answerToError(error, request))
      .then(resolve, () => resolve(unexpectedAnswer(request.requestId, mayHaveChanged(request.origin))))
      .finally(forgo);
  });
}

function answerToOutage({ requestId }: ApiRequest, isUnchanged: boolean): Answer {
  return isUnchanged ? unavailableAnswer(requestId) : outcomeUnknownAnswer(requestId);
}

async function answerToError(error: unknown, request: ApiRequest): Promise<Answer> {
  const { requestId, origin } = request;
  const attempted = { what: "an API request", requestId, origin };
  const refusal = error instanceof HttpRefusal ? error : await refusalIn(error, attempted);
  if (refusal === null) {
    log().error({ err: error, requestId }, "an API request failed unexpectedly");
    return unexpectedAnswer(requestId, mayHaveChanged(origin));
  }
  if (refusal.code === "outcome_unknown") return outcomeUnknownAnswer(requestId);
  return refusal.code === "unavailable" ? unavailableAnswer(requestId) : refusalAnswer(refusal, requestId);
}
