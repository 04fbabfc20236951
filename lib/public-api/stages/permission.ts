import type { Permission } from "@/lib/auth/permissions";
import { authorize, type Permit } from "@/lib/auth/permit";
import type { Entitled } from "./plan-and-state";

export interface Permitted<P extends Permission> extends Entitled {
  readonly permit: Permit<P>;
}

/** Asked before the input is looked at. */
export function checkPermission<P extends Permission>(entitled: Entitled, permission: P): Permitted<P> {
  const { request, key, account } = entitled;
  return { ...entitled, permit: authorize({ actor: key, account, origin: request.origin }, permission) };
}
