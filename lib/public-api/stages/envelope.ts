import type { IncomingMessage } from "node:http";

import { DomainError } from "@/lib/platform/errors";
import { HttpRefusal } from "../answer";
import { BODY_LIMIT, bodyOf, type ApiRequest } from "../api-request";

/**
 * Headers that name the key or the account. Sent twice they are refused: Node keeps only the first and does not tell.
 */
const SINGLE_HEADERS = [
  ["authorization", "Authorization"],
  ["account-token", "Account-Token"],
] as const;

const TOO_LARGE = "A request's body may be at most 256 KiB.";

/** Refuses what must not be looked at closer: headers sent twice, and a body that is too large, whatever it says of its length. */
export async function checkEnvelope(req: IncomingMessage, request: ApiRequest): Promise<ApiRequest> {
  refuseRepeatedHeaders(req);
  const ignoresBody = req.method === "GET" || req.method === "HEAD";
  const isOpenEnded = req.headers["transfer-encoding"] !== undefined;
  const tooLarge = Number(req.headers["content-length"] ?? 0) > BODY_LIMIT;
  if (tooLarge || (isOpenEnded && !ignoresBody && (await bodyOf(request)) === null)) {
    throw new HttpRefusal(413, "body_too_large", TOO_LARGE, { Connection: "close" });
  }
  return request;
}

function refuseRepeatedHeaders(req: IncomingMessage): void {
  const raw = req.rawHeaders;
  for (const [name, shown] of SINGLE_HEADERS) {
    if (req.headers[name] === undefined) continue;
    let times = 0;
    for (let index = 0; index < raw.length; index += 2) {
      if (raw[index]?.length === name.length && raw[index]?.toLowerCase() === name) times++;
    }
    if (times > 1) throw new DomainError("bad_request", `The header ${shown} was sent twice. Send it once.`);
  }
}
