/** How many requests a network may make within an hour: an IPv4 address, or an IPv6 /64; and all of an IPv6 /48. */
export const REQUESTS_PER_NETWORK = 20;
export const REQUESTS_PER_SITE = 60;

/**
 * How long an unused link stands in for the next one. A link works for so much longer that whoever floods an address
 * with requests only keeps a fresh one in its mailbox.
 */
export const MAIL_PAUSE_MINUTES = 2;

/** How many mails an address gets within an hour: of those whose link nobody used, and of those whose link was used. */
export const MAILS_PER_HOUR = 30;

/** How long a link works. */
export const LINK_MINUTES = 15;

const ANY_SITE = "http://same.site";

/** A cookie holds 4,096 bytes, its name and what base64 adds to it included. */
const LONGEST_PATH = 2000;

/**
 * The path of one of our own pages to go on to, or null: never an address of another site, however it is spelled,
 * and never a page that would lead in a circle. In ASCII, as a header has to hold it.
 */
export function nextPath(value: unknown): string | null {
  if (typeof value !== "string" || !/^\/(?!\/)[^\\\u0000-\u0020\u007f-\u009f]*$/.test(value)) return null;
  const parsed = URL.canParse(value, ANY_SITE) ? new URL(value, ANY_SITE) : null;
  // "/..//elsewhere" becomes "//elsewhere" once its dots are resolved.
  if (parsed?.origin !== ANY_SITE || parsed.pathname.startsWith("//")) return null;
  const path = parsed.pathname + parsed.search + parsed.hash;
  return path.length > LONGEST_PATH || /^\/(api|sign-in)(\/|$)/.test(parsed.pathname) ? null : path;
}

/** One spelling per mailbox: full-width letters and capitals are no other address. */
export function normalizeEmail(value: string): string {
  return value.normalize("NFKC").trim().toLowerCase();
}
