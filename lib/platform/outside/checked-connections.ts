import "server-only";
import { lookup, Resolver } from "node:dns/promises";
import { isIP, type LookupFunction, type Socket } from "node:net";
import { buildConnector, Pool } from "undici";

import { isPublicAddress, portOf } from "./address-guard";
import { normaliseAddress } from "@/lib/platform/trusted-proxies";
import { isOwnDatabase } from "./own-databases";

/** Every address that a name stands for. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Why no connection was made. */
export class NoConnectionError extends Error {
  override readonly name = "NoConnectionError";

  constructor(readonly reason: "not_resolved" | "refused_address" | "own_database") {
    super(reason);
  }
}

interface Place {
  readonly pool: Pool;
  /** What was checked: the only ones that the pool ever connects to. */
  readonly addresses: readonly string[];
  users: number;
  isRetired: boolean;
}

interface Entry {
  readonly place: Promise<Place>;
  readonly checkedAt: number;
}

export interface CheckedConnectionsOptions {
  readonly resolve?: Resolve;
  /** Believed beside the well-known authorities. */
  readonly ca?: string;
  /** How long a name's checked addresses are used before it is asked again. */
  readonly checkEveryMs?: number;
}

export interface CheckedConnections {
  /** Runs `send` on connections to addresses that were checked; they stay open for a moment, for the next one. */
  use<T>(url: URL, isExcepted: boolean, send: (pool: Pool) => Promise<T>): Promise<T>;
  /** Breaks off what is under way. */
  close(): void;
}

const CHECK_EVERY_MS = 10_000;
const MAX_PLACES = 256;
const NAME_SERVERS = { timeout: 2500, tries: 2 };
/** Shorter than servers keep an idle connection: one that they are just closing takes a request with it. */
const KEEP_ALIVE_MS = 2_000;
const LONGEST_KEEP_ALIVE_MS = 10_000;
const MAX_HEADER_BYTES = 16_384;

/** Asks the name servers themselves: the system's own look-up holds a thread for as long as one is silent. */
async function askNameServers(name: string): Promise<string[]> {
  const resolver = new Resolver(NAME_SERVERS);
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

/** For the operator's own hosts, as this machine knows them. */
async function askSystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

/** Where a user wants to be connected to. */
export interface OutsidePlace {
  /** A name or an address, an IPv6 one in brackets. */
  readonly hostname: string;
  readonly port: number;
  /** The operator excepts it: it may be an inside one. */
  readonly isExcepted: boolean;
}

/** @throws NoConnectionError where one of a name's addresses is not a public one, or where a database of ours is: then none is used */
export async function checkedAddresses(
  { hostname, port, isExcepted }: OutsidePlace,
  resolve: Resolve = askNameServers,
): Promise<readonly string[]> {
  const literal = hostname.replace(/^\[|\]$/g, "");
  const ask = isExcepted ? askSystem : resolve;
  const found = isIP(literal) > 0 ? [literal] : await ask(hostname).catch(() => []);
  const addresses = [...new Set(found)].sort();
  if (addresses.length === 0) throw new NoConnectionError("not_resolved");
  if (!isExcepted && !addresses.every(isPublicAddress)) throw new NoConnectionError("refused_address");
  const own = await Promise.all(addresses.map((address) => isOwnDatabase(address, port)));
  if (own.includes(true)) throw new NoConnectionError("own_database");
  return addresses;
}

/** Whether a connection leads where it was checked, whatever the name has come to stand for meanwhile. */
export function leadsTo(addresses: readonly string[], socket: Socket): boolean {
  return addresses.map(normaliseAddress).includes(normaliseAddress(socket.remoteAddress));
}

/** Connects to these addresses alone, whatever the name has come to stand for; certificates are still the name's. */
function openPool(origin: string, addresses: readonly string[], ca: string | undefined): Pool {
  const list = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookupChecked: LookupFunction = (_name, { all }, answer) => {
    const [first] = list;
    if (all || first === undefined) answer(null, list);
    else answer(null, first.address, first.family);
  };
  const connector = buildConnector({
    lookup: lookupChecked,
    autoSelectFamily: true,
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    ...(ca !== undefined && { ca }),
  });
  const connect: buildConnector.connector = (options, done) => {
    connector(options, (error, socket) => {
      if (error !== null) return done(error, null);
      if (leadsTo(addresses, socket)) return done(null, socket);
      socket.destroy();
      done(new NoConnectionError("refused_address"), null);
    });
  };
  return new Pool(origin, {
    connect,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: LONGEST_KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Those who use it finish first. */
function retire(place: Place): void {
  place.isRetired = true;
  if (place.users === 0) place.pool.close().catch(() => undefined);
}

/** The place as it was, where its name still stands for the same addresses. */
async function checkPlace(
  url: URL,
  isExcepted: boolean,
  last: Promise<Place> | undefined,
  { resolve, ca }: CheckedConnectionsOptions,
): Promise<Place> {
  const known = await last?.catch(() => undefined);
  const place = { hostname: url.hostname, port: portOf(url), isExcepted };
  const addresses = await checkedAddresses(place, resolve).catch((error: unknown) => {
    if (known) retire(known);
    throw error;
  });
  if (known && !known.isRetired && known.addresses.join() === addresses.join()) return known;
  if (known) retire(known);
  return { pool: openPool(url.origin, addresses, ca), addresses, users: 0, isRetired: false };
}

interface Places {
  find(url: URL, isExcepted: boolean): Promise<Place>;
  /** Takes all out. */
  empty(): Promise<Place>[];
}

/** The places used last, at most a few hundred. */
function keepPlaces(options: CheckedConnectionsOptions): Places {
  const { checkEveryMs = CHECK_EVERY_MS } = options;
  const entries = new Map<string, Entry>();
  const evict = () => {
    for (const [key, { place }] of entries) {
      if (entries.size <= MAX_PLACES) return;
      entries.delete(key);
      place.then(retire, () => undefined);
    }
  };
  const find = (url: URL, isExcepted: boolean): Promise<Place> => {
    const key = `${url.origin} ${isExcepted}`;
    const entry = entries.get(key);
    if (entry) entries.delete(key);
    if (entry && performance.now() - entry.checkedAt < checkEveryMs) {
      entries.set(key, entry);
      return entry.place;
    }
    const fresh = { place: checkPlace(url, isExcepted, entry?.place, options), checkedAt: performance.now() };
    entries.set(key, fresh);
    fresh.place.catch(() => entries.get(key) === fresh && entries.delete(key));
    evict();
    return fresh.place;
  };
  const empty = () => {
    const places = [...entries.values()].map(({ place }) => place);
    entries.clear();
    return places;
  };
  return { find, empty };
}

/** Connections by origin and checked addresses: one that stays open was made to an address that was checked. */
export function openCheckedConnections(options: CheckedConnectionsOptions = {}): CheckedConnections {
  const places = keepPlaces(options);
  const borrow = async (url: URL, isExcepted: boolean): Promise<Place> => {
    for (;;) {
      const place = await places.find(url, isExcepted);
      if (place.isRetired) continue;
      place.users += 1;
      return place;
    }
  };
  return {
    use: async (url, isExcepted, send) => {
      const place = await borrow(url, isExcepted);
      try {
        return await send(place.pool);
      } finally {
        place.users -= 1;
        if (place.isRetired) retire(place);
      }
    },
    close: () => {
      for (const place of places.empty()) place.then(({ pool }) => pool.destroy()).catch(() => undefined);
    },
  };
}
