import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";

import type { ApiMethod, Endpoint } from "./define-endpoint";

const METHODS: readonly ApiMethod[] = ["GET", "POST", "PATCH", "PUT", "DELETE"];

export interface MatchedRoute {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

export interface Routes {
  match(method: string, path: string): MatchedRoute | null;
  /** The methods offered at a path; none = there is no such path. */
  methodsAt(path: string): readonly string[];
}

type Offer = ReadonlyMap<string, Endpoint>;

/** Names first, `:id` after them: `/vehicles/archived` must not be taken for an id, by no method. */
function bySpecificity(left: string, right: string): number {
  // By code, not by language, whose order counts `~` before the letters.
  const [one, other] = [left.replaceAll(":", "~"), right.replaceAll(":", "~")];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Which endpoint answers which method, for every path. */
function offersOf(endpoints: readonly Endpoint[]): [path: string, offer: Offer][] {
  const offers = new Map<string, Map<string, Endpoint>>();
  for (const endpoint of endpoints) {
    const offer = offers.get(endpoint.path) ?? new Map<string, Endpoint>();
    offers.set(endpoint.path, offer.set(endpoint.method, endpoint));
  }
  return [...offers].toSorted(([left], [right]) => bySpecificity(left, right));
}

export function routesOf(endpoints: readonly Endpoint[]): Routes {
  const router = new SmartRouter<Offer>({ routers: [new RegExpRouter(), new TrieRouter()] });
  for (const [path, offer] of offersOf(endpoints)) router.add("GET", path, offer);

  // The path decides first: what is not offered at the first that fits is not looked for at another.
  const find = (path: string) => {
    const [handlers, stash] = router.match("GET", path);
    const [first] = handlers;
    if (first === undefined) return null;
    const [offer, places] = first;
    const params: Record<string, string> = {};
    for (const [name, place] of Object.entries<string | number>(places))
      params[name] = (typeof place === "number" ? stash?.[place] : place) ?? "";
    return { offer, params };
  };
  const match = (method: string, path: string): MatchedRoute | null => {
    const found = find(path);
    const endpoint = found?.offer.get(method === "HEAD" ? "GET" : method);
    return found && endpoint ? { endpoint, params: found.params } : null;
  };
  const methodsAt = (path: string) => {
    const offer = find(path)?.offer;
    return METHODS.filter((method) => offer?.has(method)).flatMap((method) =>
      method === "GET" ? ["GET", "HEAD"] : [method],
    );
  };
  return { match, methodsAt };
}

/** `/api/v1/x`, `/api/v2/x`, `/api/x`, each with or without a slash at its end, as `/x`; null for what is none. */
export function resourcePath(path: string): string | null {
  return /^\/api(?:\/v[12])?(\/[^/].*?)\/?$/.exec(path)?.[1] ?? null;
}
