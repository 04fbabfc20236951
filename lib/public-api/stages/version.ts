import type { Permission } from "@/lib/auth/permissions";
import { DomainError } from "@/lib/platform/errors";
import { API_VERSIONS, isApiVersion, LATEST_API_VERSION, type ApiVersion } from "../versions/api-versions";
import type { Permitted } from "./permission";

declare const versioned: unique symbol;

export interface Versioned<P extends Permission> extends Permitted<P> {
  readonly [versioned]: true;
  readonly version: ApiVersion;
}

/** The version that the request names, else the one its key is pinned to. A header without a value names none. */
export function chooseVersion<P extends Permission>(permitted: Permitted<P>): Versioned<P> {
  const { request, key } = permitted;
  const named = request.header("x-api-version")?.trim() || undefined;
  if (named !== undefined && !isApiVersion(named)) {
    const sentence = `is no version of this API. Known: ${API_VERSIONS.join(", ")}.`;
    throw new DomainError("unknown_version", `X-Api-Version ${sentence}`, { "X-Api-Version": [sentence] });
  }
  const pinned = isApiVersion(key.apiVersion) ? key.apiVersion : LATEST_API_VERSION;
  const version = named ?? pinned;
  request.facts.version = version;
  return { ...permitted, version } as Versioned<P>;
}
