const SCHEME = /^postgres(?:ql)?:\/\//;
/** Who, behind the last of them; where; the database; what stands behind the question mark. None of it a `#`. */
const PARTS = /^(postgres(?:ql)?:\/\/)(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?$/;
const NOT_ENCODED = /[\s\p{Cc}]|%(?![0-9A-Fa-f]{2})/u;
const PLACE = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]*)(?::(\d*))?$/;
const LAST_PORT = 65_535;

/** What of an address's question part the driver takes for the way to the server. The rest would change the session. */
const OF_THE_WAY = ["sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "uselibpqcompat"] as const;
const OF_THE_SOCKET = ["host", "port"];
const SSL_MODES = ["disable", "no-verify", "require", "verify-ca", "verify-full"];
/** Of the driver's own accord these mean `verify-full`, which it says in a warning on every start. */
const AS_VERIFY_FULL = new Set(["require", "verify-ca"]);
/** What is sure to be a name, and no part of a password that was cut. */
const KNOWN_NAMES = new Set([
  ...["options", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "query_timeout"],
  ...["application_name", "fallback_application_name", "client_encoding", "user", "password", "dbname", "schema"],
  ...["connection_limit", "pool_timeout", "connect_timeout", "pgbouncer", "channel_binding", "target_session_attrs"],
  ...["ssl", "sslpassword", "sslcrl", "replication", "keepalives", "keepAlive", "max", "timezone", "search_path"],
]);

const ENCODE =
  "characters such as / ? # % and spaces in the role's name or its password must be percent-encoded (/ is %2F, ? is %3F, # is %23, % is %25, @ is %40)";

/** What is wrong is said without a word of what was given: it may be a part of the password. */
class AddressError extends Error {
  override readonly name = "AddressError";
}

function refuse(sentence: string): never {
  throw new AddressError(sentence);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The socket's folder where there is one, with its port, in the one form that the driver and `URL` both read. */
function socketPlace(place: string, folder: string, port: string | null): string {
  const [, host = "", ownPort] = PLACE.exec(place) ?? [];
  if (folder.includes(",") || (host !== "" && host !== "localhost"))
    refuse("it names two hosts, and only one can be used");
  if (!folder.startsWith("/"))
    refuse(
      "it names its host behind the question mark: it stands there only where it is a socket's folder (/run/postgresql)",
    );
  const which = port ?? ownPort;
  return which === undefined || which === "" ? encodeURIComponent(folder) : `${encodeURIComponent(folder)}:${which}`;
}

function checkPlace(place: string): void {
  if (place.includes(",")) refuse("it names two hosts, and only one can be used");
  const [found, host = "", port] = PLACE.exec(place) ?? [];
  if (found === undefined || (port !== undefined && !(Number(port || 1) >= 1 && Number(port || 1) <= LAST_PORT)))
    refuse(`it names no port from 1 to ${LAST_PORT} behind its host's colon; ${ENCODE}`);
  if (host === "") refuse("it names no host: postgresql://role:password@host:5432/database");
}

/** @throws AddressError at what would put itself in the place of what the Hub asks of its sessions */
function checkQuestion(question: URLSearchParams): void {
  for (const name of question.keys()) {
    if ([...OF_THE_WAY, ...OF_THE_SOCKET].includes(name)) continue;
    const said = KNOWN_NAMES.has(name) ? `“${name}”` : "something that is not known";
    refuse(
      `it has ${said} behind its question mark, where only ${OF_THE_WAY.join(", ")} may stand (and host and port of a socket): the Hub makes its own settings, and others belong to the role (ALTER ROLE … SET …)`,
    );
  }
  const mode = question.get("sslmode");
  if (mode !== null && !SSL_MODES.includes(mode)) refuse(`it has an sslmode that is none of ${SSL_MODES.join(", ")}`);
}

function canonicalQuestion(given: string): { question: URLSearchParams; folder: string | null; port: string | null } {
  const question = new URLSearchParams(given);
  checkQuestion(question);
  const [folder, port] = [question.get("host"), question.get("port")];
  OF_THE_SOCKET.forEach((name) => question.delete(name));
  const isOwnWord = question.get("uselibpqcompat") !== "true" && AS_VERIFY_FULL.has(question.get("sslmode") ?? "");
  if (isOwnWord) question.set("sslmode", "verify-full");
  return { question, folder, port };
}

/**
 * A database's address as the driver and `URL` both read it. Whatever the driver would guess (a host, a role, a
 * database) must be said, and nothing in it changes a session: in the driver's eyes it counts more than what a pool asks.
 * @throws Error whose message goes on after the variable's name, and holds nothing of what was given
 */
export function readDatabaseAddress(text: string): string {
  if (!SCHEME.test(text)) refuse("needs a postgresql:// address");
  const [whole, scheme = "", who = "", place = "", path = "", asked = ""] = PARTS.exec(text) ?? [];
  const isCut = path.includes("@") || asked.includes("@");
  if (whole === undefined || isCut || NOT_ENCODED.test(text) || !isDecodable(text)) refuse(ENCODE);
  if (!/^[^:]/.test(who)) refuse("it names no role: postgresql://role:password@host:5432/database");
  if (!/^\/[^/]+$/.test(path))
    refuse("it names no database, or more than one: postgresql://role:password@host:5432/database");
  const { question, folder, port } = canonicalQuestion(asked);
  if (folder === null && port !== null)
    refuse("it names its port behind the question mark: it belongs behind the host");
  const where = folder === null ? place : socketPlace(place, folder, port);
  checkPlace(where);
  const address = `${scheme}${who}@${where}${path}${question.size > 0 ? `?${question.toString()}` : ""}`;
  return URL.canParse(address) ? address : refuse(ENCODE);
}

/** Host and port, or the socket's folder, for a sentence. */
export function placeOf(address: string): string {
  return decodeURIComponent(new URL(address).host);
}

/** The role that an address signs in as. */
export function roleOf(address: string): string {
  return decodeURIComponent(new URL(address).username);
}

/** The database's name in an address. */
export function databaseOf(address: string): string {
  return decodeURIComponent(new URL(address).pathname.slice(1));
}
