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

/** Names first, `:id` after them: `/vehicles/archived` must not be taken for an id. */
function bySpecificity(left: Endpoint, right: Endpoint): number {
  // By code, not by language, whose order counts `~` before the letters.
  const [one, other] = [left.path.replaceAll(":", "~"), right.path.replaceAll(":", "~")];
  return one < other ? -1 : one > other ? 1 : 0;
}

export function routesOf(endpoints: readonly Endpoint[]): Routes {
  const router = new SmartRouter<Endpoint>({ routers: [new RegExpRouter(), new TrieRouter()] });
  for (const endpoint of endpoints.toSorted(bySpecificity)) router.add(endpoint.method, endpoint.path, endpoint);

  const match = (method: string, path: string): MatchedRoute | null => {
    const [handlers, stash] = router.match(method, path);
    const [first] = handlers;
    if (first === undefined) return null;
    const [endpoint, places] = first;
    const params: Record<string, string> = {};
    for (const [name, place] of Object.entries<string | number>(places))
      params[name] = (typeof place === "number" ? stash?.[place] : place) ?? "";
    return { endpoint, params };
  };
  return {
    match: (method, path) => match(method === "HEAD" ? "GET" : method, path),
    methodsAt: (path) =>
      METHODS.filter((method) => match(method, path) !== null).flatMap((method) =>
        method === "GET" ? ["GET", "HEAD"] : [method],
      ),
  };
}

/** `/api/v1/x`, `/api/v2/x`, `/api/x`, each with or without a slash at its end, as `/x`; null for what is none. */
export function resourcePath(path: string): string | null {
  return /^\/api(?:\/v[12])?(\/[^/].*?)\/?$/.exec(path)?.[1] ?? null;
}
