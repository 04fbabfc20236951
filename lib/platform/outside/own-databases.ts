import "server-only";
import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";

import { env } from "@/lib/platform/env";
import { isLoopbackAddress } from "@/lib/platform/loopback";
import { normaliseAddress } from "@/lib/platform/trusted-proxies";

const DEFAULT_PORT = 5432;
/** Listened at, they are every address of a machine; connected to, they are the machine itself. */
const UNSPECIFIED = /^(0\.0\.0\.0|::)$/;

interface DatabasePlace {
  /** A name, an address, or a socket's folder. */
  readonly host: string;
  readonly port: number;
}

function placeOf(address: string): DatabasePlace {
  const { hostname, port } = new URL(address);
  return {
    host: decodeURIComponent(hostname).replace(/^\[|\]$/g, ""),
    port: port === "" ? DEFAULT_PORT : Number(port),
  };
}

/** An IPv4 address as itself, however IPv6 writes it. */
function plain(address: string): string {
  return normaliseAddress(address) ?? address;
}

function isThisMachine(address: string): boolean {
  if (isLoopbackAddress(address) || UNSPECIFIED.test(address)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some((own) => plain(own.address) === address));
}

/** Null for a socket: its server may listen at this machine's addresses too. */
async function addressesOf(host: string): Promise<string[] | null> {
  if (host.startsWith("/")) return null;
  return (await lookup(host, { all: true })).map(({ address }) => plain(address));
}

/**
 * Whether one of the hub's own databases listens at an address and port, under whichever of the names and addresses that
 * lead there. A name of its that cannot be asked for counts as if it led to every address.
 */
export async function isOwnDatabase(address: string, port: number): Promise<boolean> {
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = env();
  const asked = plain(address);
  for (const url of new Set([DATABASE_URL, MIGRATION_DATABASE_URL ?? DATABASE_URL])) {
    const place = placeOf(url);
    if (place.port !== port) continue;
    const found = await addressesOf(place.host).catch(() => [asked]);
    if (found?.includes(asked)) return true;
    const isHere = found === null || found.some(isThisMachine);
    if (isHere && isThisMachine(asked)) return true;
  }
  return false;
}
