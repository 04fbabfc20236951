/** How many links may be asked for within an hour (quality.md, Sign-in and sessions). */
export const LINKS_PER_ADDRESS = 5;
export const LINKS_PER_IP = 20;

/** How long a link works. */
export const LINK_MINUTES = 15;

const ANY_SITE = "http://same.site";

/**
 * The path of one of our own pages to go on to, or null: never an address of another site, however it is spelled,
 * and never a page that would lead in a circle.
 */
export function nextPath(value: unknown): string | null {
  if (typeof value !== "string" || !/^\/(?!\/)[^\\\u0000-\u0020\u007f]{0,2000}$/.test(value)) return null;
  const parsed = URL.canParse(value, ANY_SITE) ? new URL(value, ANY_SITE) : null;
  // "/..//elsewhere" becomes "//elsewhere" once its dots are resolved.
  if (parsed?.origin !== ANY_SITE || parsed.pathname.startsWith("//")) return null;
  return /^\/(api|sign-in)(\/|$)/.test(parsed.pathname) ? null : value;
}

/** One spelling per mailbox: full-width letters and capitals are no other address. */
export function normalizeEmail(value: string): string {
  return value.normalize("NFKC").trim().toLowerCase();
}
