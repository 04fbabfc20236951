import { findCredential, type AuthenticatedKey } from "@/lib/auth/credentials";
import { requireLiving } from "@/lib/auth/rights";
import { DomainError } from "@/lib/platform/errors";
import { findSecret } from "@/lib/platform/secret-patterns";
import type { ApiRequest } from "../api-request";

/** Whose account a request goes to: the key's own, a customer named by `Account-Token`, or that or the partner itself. */
export type Addressing = "ownAccount" | "customer" | "customerOrPartner";

declare const authenticated: unique symbol;

export interface Authenticated {
  readonly [authenticated]: true;
  readonly request: ApiRequest;
  readonly key: AuthenticatedKey;
}

const QUERY_NAMES = new Set(["api_key", "token", "access_token", "authorization"]);
const TOKEN_ANYWHERE = /fah_[0-9A-Za-z]{36}/;
/** `Token KEY`, `Token token="KEY"`, `Token token=KEY`, `Bearer KEY`. */
const SPELLINGS = /^(?:token\b\s*(?:token\s*=\s*)?(?:"([^"]*)"|([^\s"]*))|bearer\b\s*([^\s"]*))$/i;

/** Who is calling: the database is asked for every request. */
export async function authenticate(request: ApiRequest, addressing: Addressing): Promise<Authenticated> {
  refuseKeyInQuery(request.query);
  const token = presentedToken(request.header("authorization"));
  const accountToken = addressing === "ownAccount" ? null : (request.header("account-token")?.trim() ?? null);
  const found = await findCredential(token, accountToken);
  if (found === null) throw new DomainError("key_unknown", "There is no such API key. Check that it was copied whole.");
  const { state, key } = found;
  request.facts.apiKeyId = key.apiKeyId;
  requireLiving(state);
  return { request, key } as Authenticated;
}

function refuseKeyInQuery(query: URLSearchParams): void {
  for (const [name, value] of query) {
    if (QUERY_NAMES.has(name.toLowerCase()) || [name, value].some(holdsSecret)) {
      throw new DomainError(
        "key_missing",
        "A secret never goes into the address, where logs keep it. Send an API key in the header Authorization, and regenerate one that was sent this way.",
      );
    }
  }
}

/** Also what is no token of ours, but was meant to be one. */
function holdsSecret(text: string): boolean {
  return TOKEN_ANYWHERE.test(text) || findSecret(text) !== null;
}

function presentedToken(header: string | undefined): string {
  const spelled = SPELLINGS.exec(header?.trim() ?? "");
  const token = spelled?.[1] ?? spelled?.[2] ?? spelled?.[3] ?? "";
  if (!header?.trim() || (spelled && token === "")) {
    throw new DomainError("key_missing", "Send the API key in the header `Authorization: Token YOUR_KEY`.");
  }
  return token;
}
