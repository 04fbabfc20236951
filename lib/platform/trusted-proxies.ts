import ipaddr from "ipaddr.js";

/** A range of addresses; one address is a range of its own. */
export type AddressRange = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefixLength: number];

/**
 * Reads `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
 * @throws Error naming the text, when it is neither an address nor a range
 */
export function parseAddressRange(text: string): AddressRange {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    throw new Error(`"${text}" is neither an address nor a range such as 203.0.113.0/24`);
  }
}

/** The address in its shortest form, `::ffff:203.0.113.7` as 203.0.113.7; null when it is none. */
export function normaliseAddress(text: string | null | undefined): string | null {
  return text && ipaddr.isValid(text) ? ipaddr.process(text).toString() : null;
}

export function isInRanges(address: string, ranges: readonly AddressRange[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const asked = ipaddr.process(address);
  return ranges.some(([range, length]) => {
    if (asked.kind() === range.kind()) return asked.match(range, length);
    // A range may itself be written IPv4-mapped.
    return (
      range instanceof ipaddr.IPv6 &&
      range.isIPv4MappedAddress() &&
      length >= 96 &&
      asked.match(range.toIPv4Address(), length - 96)
    );
  });
}

/** What a client or a proxy in front of us said in `X-Forwarded-For`, nearest last. */
function hopsOf(header: string | readonly string[] | undefined): string[] {
  const lines = header === undefined ? [] : [header].flat();
  return lines.flatMap((line) => line.split(",")).map((hop) => hop.trim());
}

/** `203.0.113.7:41234` and `[2001:db8::1]:41234`, as some proxies write them, without the port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(hop);
  if (bracketed?.[1]) return bracketed[1];
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(hop) ? hop.slice(0, hop.indexOf(":")) : hop;
}

/**
 * The address a request came from. Only what trusted proxies wrote counts: the list is read from its end, and the
 * first hop that is not one of them is the client.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  trusted: readonly AddressRange[],
): string | null {
  let client = normaliseAddress(peer);
  const hops = hopsOf(forwardedFor);
  while (client !== null && isInRanges(client, trusted)) {
    const hop = hops.pop();
    if (hop === undefined) break;
    const address = normaliseAddress(withoutPort(hop));
    // A hop that is no address ("unknown") hides who stood behind it.
    if (address === null) break;
    client = address;
  }
  return client;
}
