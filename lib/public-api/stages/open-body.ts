import type { AccountlessPermission, Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { bodyOf, type ApiRequest, type OpenRequest } from "../api-request";
import type { Versioned } from "./version";

/** Nobody's body is looked into before every stage let him through. */
export function openBody<P extends Permission>({ request, account }: Versioned<P>): OpenRequest {
  return opened(request, account.id);
}

/** The same where nobody has to be known. */
export function openBodyOfAnyone<P extends AccountlessPermission>(
  request: ApiRequest,
  _permit: Permit<P>,
): OpenRequest {
  return opened(request, null);
}

function opened(request: ApiRequest, accountId: number | null): OpenRequest {
  return { ...request, accountId, readBody: () => bodyOf(request) };
}
