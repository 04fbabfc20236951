import ipaddr from "ipaddr.js";

/** Where a request came from, as far as one person or company can be told from another. */
export interface Network {
  /** An IPv4 address; of an IPv6 one the first 64 bits: a household has all of the rest. */
  readonly network: string;
  /** Of an IPv6 address the first 48 bits, as companies get them; null for IPv4. */
  readonly site: string | null;
}

/** @param ip as server/edge.ts writes it; null where nobody knows */
export function networkOf(ip: string | null): Network {
  if (ip === null || !ipaddr.isValid(ip)) return { network: "unknown", site: null };
  const address = ipaddr.process(ip);
  if (!(address instanceof ipaddr.IPv6)) return { network: address.toString(), site: null };
  const first = (bits: 48 | 64) =>
    `${new ipaddr.IPv6(address.parts.map((part, at) => (at < bits / 16 ? part : 0))).toString()}/${bits}`;
  return { network: first(64), site: first(48) };
}
