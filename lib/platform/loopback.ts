import ipaddr from "ipaddr.js";

/** Whether an address is this machine's own, for itself alone: 127.0.0.0/8, ::1, and the former as IPv6 writes it. */
export function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/** The same of a name as an address or a `Host` has it, with or without a port: `localhost:3000`, `[::1]`. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, "");
  if (name === "localhost" || name === "[::1]") return true;
  // Written out: shorter spellings of it are no name that a browser would send.
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name) && isLoopbackAddress(name);
}
