import type { Permission } from "@/lib/auth/permissions";
import { authorize, type Permit } from "@/lib/auth/permit";
import type { WithinRate } from "./rate-limit";

declare const permitted: unique symbol;

export interface Permitted<P extends Permission> extends WithinRate {
  readonly [permitted]: true;
  readonly permit: Permit<P>;
}

/** Asked once the request was counted, and before the input is looked at. */
export function checkPermission<P extends Permission>(withinRate: WithinRate, permission: P): Permitted<P> {
  const { request, key, account } = withinRate;
  const permit = authorize({ actor: key, account, origin: request.origin }, permission);
  return { ...withinRate, permit } as Permitted<P>;
}
