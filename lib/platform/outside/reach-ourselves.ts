import "server-only";

import { env, type Environment } from "@/lib/platform/env";
import { listeningPlaces } from "@/lib/platform/listening";
import { portOf, readOutsideUrl, type HostException, type OutsideUrl } from "./address-guard";

/** This hub, as somebody who names it writes it and as this process connects to it. */
export interface OwnAddress {
  readonly appUrl: URL;
  readonly internalUrl: URL;
}

/** What of this hub a request is for. A request that says nothing of it is for somebody else. */
export type OwnPart = "api";

/**
 * Paths that the edge hands to the public API, whichever way they are decoded on their way; never the sign-in's, which
 * begin alike.
 */
const PATHS: Readonly<Record<OwnPart, RegExp>> = { api: /^\/api(?!\/auth(?:\/|$))(?:\/[\w.-]+)+$/ };

/** Where everybody is let in, this machine is too. */
const UNSPECIFIED: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Where nothing else is set, a process that serves the API asks itself. */
export function ownAddress(settings: Environment = env()): OwnAddress {
  const { APP_URL, INTERNAL_URL, HUB_ROLES, PORT } = settings;
  const [place] = listeningPlaces(settings);
  const host = UNSPECIFIED[place] ?? place;
  const listener = `http://${host.includes(":") ? `[${host}]` : host}:${PORT}`;
  return {
    appUrl: new URL(APP_URL),
    internalUrl: new URL(INTERNAL_URL ?? (HUB_ROLES.includes("api") ? listener : APP_URL)),
  };
}

/** Whether an address leads to this hub: letter case, a scheme's own port and what follows the host make no difference. */
export function isOurselves(address: string, { appUrl }: OwnAddress = ownAddress()): boolean {
  return URL.canParse(address) && new URL(address).origin === appUrl.origin;
}

/**
 * As `readOutsideUrl` for clients of the API: this hub itself may be named too, however far inside it is, and nothing
 * else of what is inside.
 */
export function readApiUrl(
  text: string,
  exceptions: readonly HostException[],
  own: OwnAddress = ownAddress(),
): OutsideUrl {
  if (!isOurselves(text, own)) return readOutsideUrl(text, exceptions);
  return readOutsideUrl(text, [{ host: own.appUrl.hostname, port: portOf(own.appUrl) }]);
}

/** Where a request is connected to, and whom it asks for there. */
export type Destination =
  | { readonly ok: true; readonly url: URL; readonly isExcepted: boolean; readonly host: string | null }
  | Extract<OutsideUrl, { ok: false }>;

interface Asked {
  readonly url: string;
  readonly ownPart?: OwnPart | undefined;
  readonly exceptions?: readonly HostException[];
}

/** A request to this hub goes where this process reaches it, and asks for it by the name that everybody knows it by. */
export function destinationOf({ url: text, ownPart, exceptions = [] }: Asked, readOwn: () => OwnAddress): Destination {
  if (ownPart === undefined) return elsewhere(readOutsideUrl(text, exceptions));
  const own = readOwn();
  const target = readApiUrl(text, exceptions, own);
  if (!target.ok || !isOurselves(text, own)) return elsewhere(target);
  const { pathname, search } = target.url;
  if (!PATHS[ownPart].test(pathname)) return { ok: false, complaint: "Of this hub, its API alone is asked this way." };
  return { ok: true, url: new URL(pathname + search, own.internalUrl), isExcepted: true, host: own.appUrl.host };
}

function elsewhere(target: OutsideUrl): Destination {
  return target.ok ? { ...target, host: null } : target;
}
