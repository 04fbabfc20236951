import { DomainError } from "@/lib/platform/errors";
import { isInRanges, parseAddressRange } from "@/lib/platform/trusted-proxies";
import type { Authenticated } from "./authenticate";

declare const located: unique symbol;

export interface Located extends Authenticated {
  readonly [located]: true;
}

/** A key with an allow-list works from nowhere else; an address that is not known is nowhere. */
export function checkSourceAddress(authenticated: Authenticated): Located {
  const { request, key } = authenticated;
  const isAllowed =
    key.allowedIps.length === 0 ||
    (request.ip !== null && isInRanges(request.ip, key.allowedIps.map(parseAddressRange)));
  if (!isAllowed) {
    throw new DomainError(
      "ip_not_allowed",
      `This API key may not be used from ${request.ip ?? "an unknown address"}. Its allow-list is set when it is made.`,
    );
  }
  return authenticated as Located;
}
