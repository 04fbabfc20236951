import ipaddr from "ipaddr.js";
import { z } from "zod";

const advice = "Write an address such as 203.0.113.7, or a range such as 203.0.113.0/24 or 2001:db8::/32.";

/** Odd spellings (octal, fewer parts, a zone) read differently elsewhere: they are refused. */
const PLAIN_IPV4 = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;
const PLAIN_BITS = /^(0|[1-9]\d{0,2})$/;
/** IPv4 within IPv6 (`::ffff:203.0.113.7`) begins after so many bits. */
const MAPPED_BITS = 96;

function normalised(text: string): string | null {
  const [written = "", bits, ...more] = text.split("/");
  if (more.length > 0 || written.includes("%") || (bits !== undefined && !PLAIN_BITS.test(bits))) return null;
  if (!written.includes(":") && !PLAIN_IPV4.test(written)) return null;
  try {
    let address = ipaddr.parse(written);
    let length = bits === undefined ? address.toByteArray().length * 8 : Number(bits);
    if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && length >= MAPPED_BITS) {
      address = address.toIPv4Address();
      length -= MAPPED_BITS;
    }
    const range = `${address.toString()}/${length}`;
    const network =
      address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(range) : ipaddr.IPv6.networkAddressFromCIDR(range);
    return `${network.toString()}/${length}`;
  } catch {
    return null;
  }
}

/** An IP address or range of the allow-list; comes out in CIDR notation, its host bits cleared. */
export const ipRange = z
  .string()
  .trim()
  .max(60)
  .transform((text, context) => {
    const range = normalised(text);
    if (range !== null) return range;
    context.addIssue({ code: "custom", message: advice });
    return z.NEVER;
  });
