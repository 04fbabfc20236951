/** What of ours opens something and can be told by its looks; each as a person calls it. */
const KINDS = ["an API key", "a webhook’s secret", "a sign-in or invitation link"] as const;
type SecretKind = (typeof KINDS)[number];

/** They have no business in an address; a link is one. */
export const KEYS: readonly SecretKind[] = ["an API key", "a webhook’s secret"];

interface Shape {
  /** Looked for first: most texts hold none, and cost no more than this. */
  readonly mark: string;
  readonly pattern: RegExp;
  readonly isOne: (found: string) => boolean;
  /** Stands in its place, and tells what stood there. In letters that any header, name or address takes. */
  readonly shown: (found: string) => string;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY = { mark: "fah_", secret: 30, checksum: 6, prefix: 10 } as const;

/** Of ASCII alone. Also browsers ask: Node's own is not there. */
function crc32(text: string): number {
  let rest = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    rest ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

function hasRightChecksum(token: string): boolean {
  const end = KEY.mark.length + KEY.secret;
  let rest = crc32(token.slice(KEY.mark.length, end));
  for (let at = KEY.checksum - 1; at >= 0; at--) {
    if (token[end + at] !== BASE62[rest % BASE62.length]) return false;
    rest = Math.floor(rest / BASE62.length);
  }
  return true;
}

const SHAPES: Readonly<Record<SecretKind, Shape>> = {
  "an API key": {
    mark: KEY.mark,
    pattern: /fah_[0-9A-Za-z]{36}/g,
    isOne: hasRightChecksum,
    // What the hub itself shows of a key: a search for it goes on to find it.
    shown: (token) => token.slice(0, KEY.prefix),
  },
  "a webhook’s secret": {
    mark: "whsec_",
    // 256 bits: of the last character only four bits are used. In an address its signs are percent-encoded.
    pattern: /whsec_(?:(?!whsec_)(?:[0-9A-Za-z+/_-]|%2[BbFf])){42}[AEIMQUYcgkosw048](?:=|%3[Dd])?/g,
    isOne: () => true,
    shown: () => "whsec_left_out",
  },
  "a sign-in or invitation link": {
    mark: "token",
    pattern: /\/(?:sign-in\/link|invitation)(?:\?|%3F)[^\s"'<>]{0,200}?token(?:=|%3D)[\w-]{43}/gi,
    isOne: () => true,
    shown: (link) => `${link.slice(0, -43)}left_out`,
  },
};

/** What a text holds of ours that nobody else may see; null when nothing. */
export function findSecret(text: string, kinds: readonly SecretKind[] = KINDS): SecretKind | null {
  return kinds.find((kind) => masked(text, SHAPES[kind]) !== text) ?? null;
}

/**
 * The one mask of whatever is stored, logged or said again: of what has the shape of a secret of ours, and a right
 * checksum where it has one, the beginning is left. Anything else stays as it is.
 */
export function redactSecrets(text: string, kinds: readonly SecretKind[] = KINDS): string {
  return kinds.reduce((rest, kind) => masked(rest, SHAPES[kind]), text);
}

/** One may begin within what only looks like one: each beginning is looked at. */
function masked(text: string, { mark, pattern, isOne, shown }: Shape): string {
  if (!text.includes(mark)) return text;
  let said = "";
  let saidUpTo = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (!isOne(found[0])) pattern.lastIndex = found.index + 1;
    else {
      said += text.slice(saidUpTo, found.index) + shown(found[0]);
      saidUpTo = pattern.lastIndex;
    }
  }
  return said + text.slice(saidUpTo);
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The same of every text and every name within a value of JSON; what is none stays as it is. */
export function redactSecretsWithin<T>(value: T): T {
  if (typeof value === "string") return redactSecrets(value) as T;
  if (Array.isArray(value)) return value.map(redactSecretsWithin) as T;
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  const entries = Object.entries(value).map(([name, part]) => [redactSecrets(name), redactSecretsWithin(part)]);
  return Object.fromEntries(entries) as T;
}

interface FoundSecret {
  /** As errors name a field: `custom_fields.depot`. */
  readonly path: string;
  readonly kind: SecretKind;
}

/** Further in, a path says where one has to look, not more: it would grow with every step. */
const LONGEST_PATH = 200;

function pathOf(path: string, name: string): string {
  const own = [path, redactSecrets(name)].filter((text) => text !== "").join(".");
  return own.length > LONGEST_PATH ? path : own;
}

/**
 * Where in what somebody sent a secret stands, be it in the name of a field. One after the other, and each thing once:
 * it may be nested as deep as its sender likes, and lead back to itself.
 */
function secretsWithin(given: unknown): FoundSecret[] {
  const found: FoundSecret[] = [];
  const seen = new Set<object>();
  const waiting: { readonly value: unknown; readonly path: string }[] = [{ value: given, path: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    const kind = typeof value === "string" ? findSecret(value) : null;
    if (kind !== null) found.push({ path, kind });
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [name, part] of Object.entries(value)) {
      const own = pathOf(path, name);
      const inName = findSecret(name);
      if (inName !== null) found.push({ path: own, kind: inName });
      waiting.push({ value: part, path: own });
    }
  }
  return found;
}

/** What is said of a text that holds one, as the rest of a sentence. */
export function secretComplaint(kind: SecretKind): string {
  return `holds ${kind}; take it out, this is no place for a secret`;
}

/** What is wrong with what somebody sent, by the names of its fields; null where nothing is. */
export function secretComplaints(given: unknown): Readonly<Record<string, readonly [string]>> | null {
  const found = secretsWithin(given).map(({ path, kind }) => [path || "base", [secretComplaint(kind)]] as const);
  return found.length === 0 ? null : Object.fromEntries(found);
}
