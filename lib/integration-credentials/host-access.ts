/** What a host is asked with. */
export interface HostAccess {
  /** Where its API begins; null = this hub. */
  readonly baseUrl: string | null;
  readonly accountToken: string;
  readonly apiKey: string;
}

/** A credential as its row holds it. */
export interface SealedAccess extends Omit<HostAccess, "apiKey"> {
  readonly id: number;
  readonly sealedKey: Uint8Array;
}

/** Opens what is kept, for who asks a host with it. Put together in server/: who needs it knows neither key nor cipher. */
export type SecretOpener = (sealed: SealedAccess) => HostAccess;

/** Where the API of a host of this kind begins, if its address alone was given. */
export const API_PATH = "/api/v1";

/** As it is kept: without what every address may end with. Whether anything may be sent there is not asked here. */
export function baseUrlOf(text: string): string {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path === "" ? API_PATH : path}`;
}

/** What stands in the place of a secret. */
const MASK = "•••";

/** How a secret may be written in what comes back. The beginning of one that was cut off is none of them. */
function spellingsOf(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [secret, encodeURIComponent(secret), escaped, base64, base64.replaceAll("+", "-").replaceAll("/", "_"), hex];
}

/** Whatever a host answered, without the secret that it was asked with, in whatever case it writes it. */
export function withoutSecret(text: string, { apiKey }: Pick<HostAccess, "apiKey">): string {
  const spellings = [...new Set(spellingsOf(apiKey))].sort((one, other) => other.length - one.length);
  const pattern = spellings.map((spelling) => spelling.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
  return text.replaceAll(new RegExp(pattern, "gi"), MASK);
}
