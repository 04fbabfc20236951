import ipaddr from "ipaddr.js";
import { z } from "zod";

const advice = "Write an address such as 203.0.113.7, or a range such as 203.0.113.0/24 or 2001:db8::/32.";

function normalised(text: string): string | null {
  try {
    if (text.includes("/")) {
      const [address, bits] = ipaddr.parseCIDR(text);
      const network = address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(text) : ipaddr.IPv6.networkAddressFromCIDR(text);
      return `${network.toString()}/${bits}`;
    }
    // Odd spellings of IPv4 (octal, fewer parts) read differently elsewhere: they are refused.
    if (!text.includes(":") && !/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return null;
    const address = ipaddr.process(text);
    return `${address.toString()}/${address.kind() === "ipv4" ? 32 : 128}`;
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
