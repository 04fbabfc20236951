import ipaddr from "ipaddr.js";

/** A host that the operator excepts, with one port or for every port. */
export interface HostException {
  readonly host: string;
  readonly port: number | null;
}

/** An address a user gave: fit to be sent to, or what is wrong with it as a sentence. */
export type OutsideUrl =
  | { readonly ok: true; readonly url: URL; readonly isExcepted: boolean }
  | { readonly ok: false; readonly complaint: string };

const LONGEST_URL = 1000;
const LONGEST_NAME = 253;

/** All that the public internet hands out of IPv6. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];
/** Azure's host of its own machines, though the range is a public one. */
const CLOUD_HOSTS = ["168.63.129.16"];
/** Names that never lead outside, and those under which clouds tell a machine its secrets. */
const INSIDE_NAMES =
  /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa|in-addr\.arpa|ip6\.arpa|metadata\.goog|instance-data|onion)$/;

/** `::ffff:a.b.c.d` counts as what stands in it; every other form that carries an IPv4 address inside is refused. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || text.includes("%")) return false;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.range() === "unicast" && !CLOUD_HOSTS.includes(address.toString());
  return address.range() === "unicast" && address.match(GLOBAL_UNICAST) && !isTunnelled(address);
}

/** ISATAP: the last half of the address is an IPv4 one, of whatever network. */
function isTunnelled({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
}

export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/**
 * Reads `hooks.example.com`, `10.0.0.5:8080`, `[fd00::5]:8080`.
 * @throws Error naming the text, when it is no host
 */
export function parseHostException(text: string): HostException {
  const port = /:(\d+)$/.exec(text.replace(/^\[[^\]]*\]/, ""))?.[1];
  const hasOnlyHost = /^[^\s/?#@\\]+$/.test(text) && URL.canParse(`http://${text}`);
  if (!hasOnlyHost) throw new Error(`"${text}" is no host such as hooks.example.com or 10.0.0.5:8080`);
  return { host: new URL(`http://${text}`).hostname, port: port === undefined ? null : Number(port) };
}

const refuse = (complaint: string): OutsideUrl => ({ ok: false, complaint });

/**
 * Whether requests may be sent to an address as it is written: https to a public name or address, or what the operator
 * excepts (http too). Says nothing of where a name leads: that is asked when it is connected to.
 */
export function readOutsideUrl(text: string, exceptions: readonly HostException[]): OutsideUrl {
  if (text.length > LONGEST_URL) return refuse(`Use an address of at most ${LONGEST_URL} characters.`);
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined || /[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text)) {
    return refuse("Write the whole address, such as https://example.com/hooks.");
  }
  const url = new URL(text);
  if (authority.includes("@")) return refuse("Leave out the user name and password: the address is shown and logged.");
  if (text.includes("#")) return refuse("Leave out what follows the #: it is never sent.");
  const complaint = spellingComplaint(authority, url);
  if (complaint !== null) return refuse(complaint);
  const isExcepted = isAmong(exceptions, url.hostname, portOf(url));
  if (isExcepted) return { ok: true, url, isExcepted };
  if (url.protocol !== "https:") return refuse("Use https: what is sent must not be read on its way.");
  return leadsInside(url.hostname)
    ? refuse("Use an address on the public internet: this one leads into a private network.")
    : { ok: true, url, isExcepted };
}

function isAmong(exceptions: readonly HostException[], hostname: string, asked: number): boolean {
  return exceptions.some(({ host, port }) => host === hostname && (port === null || port === asked));
}

/** A host may be written in one way alone, so that nobody reads another one in it than is connected to. */
function spellingComplaint(authority: string, { hostname, port }: URL): string | null {
  const written = authority.replace(/:\d*$/, "").toLowerCase();
  if (authority.endsWith(":") || port === "0") return "Name a port between 1 and 65535, or none.";
  if (hostname.startsWith("[")) return null;
  if (ipaddr.IPv4.isValid(hostname)) {
    return written === hostname ? null : `Write the address as four plain numbers: ${hostname}.`;
  }
  const isPlain = written === hostname || (!/^[\p{ASCII}]*$/u.test(written) && /(^|\.)xn--/.test(hostname));
  if (!isPlain || written.includes("%")) return `Write the host in plain letters: ${hostname}.`;
  const labels = hostname.split(".");
  const isName = hostname.length <= LONGEST_NAME && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
  return isName ? null : "Check the host name: it has letters, digits, hyphens, and single dots between.";
}

function leadsInside(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(address)) return !isPublicAddress(address);
  return !hostname.includes(".") || INSIDE_NAMES.test(hostname);
}
