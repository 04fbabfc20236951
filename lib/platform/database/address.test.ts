import { describe, expect, it } from "vitest";

import { placeOf, readDatabaseAddress } from "./address";

/** Never to be seen in a sentence. */
const SECRET = "Kp7secret";

describe("an address that is taken", () => {
  it.each([
    ["postgresql://hub@127.0.0.1/hub", "postgresql://hub@127.0.0.1/hub", "127.0.0.1"],
    [
      "postgres://hub:p%40ss%2Fw@db.example.com:5433/hub",
      "postgres://hub:p%40ss%2Fw@db.example.com:5433/hub",
      "db.example.com:5433",
    ],
    ["postgresql://hub:p@ss@db.example.com/hub", "postgresql://hub:p@ss@db.example.com/hub", "db.example.com"],
    ["postgresql://hub:p,s@[::1]:5432/hub", "postgresql://hub:p,s@[::1]:5432/hub", "[::1]:5432"],
    ["postgresql://hub@db/hub?sslmode=require", "postgresql://hub@db/hub?sslmode=verify-full", "db"],
    ["postgresql://hub@db/hub?sslmode=no-verify", "postgresql://hub@db/hub?sslmode=no-verify", "db"],
    [
      "postgresql://hub@db/hub?sslmode=require&uselibpqcompat=true",
      "postgresql://hub@db/hub?sslmode=require&uselibpqcompat=true",
      "db",
    ],
    [
      "postgresql://hub@db/hub?sslmode=verify-full&sslrootcert=/etc/ca.pem",
      "postgresql://hub@db/hub?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
      "db",
    ],
    // A socket, in the three ways that are in use; the driver and `URL` both read the last.
    ["postgresql://hub:pw@/hub?host=/run/postgresql", "postgresql://hub:pw@%2Frun%2Fpostgresql/hub", "/run/postgresql"],
    ["postgresql://hub@localhost/hub?host=/cloudsql/a:b", "postgresql://hub@%2Fcloudsql%2Fa%3Ab/hub", "/cloudsql/a:b"],
    [
      "postgresql://hub@/hub?host=/run/postgresql&port=5433",
      "postgresql://hub@%2Frun%2Fpostgresql:5433/hub",
      "/run/postgresql:5433",
    ],
    [
      "postgresql://hub@:5433/hub?host=/run/postgresql",
      "postgresql://hub@%2Frun%2Fpostgresql:5433/hub",
      "/run/postgresql:5433",
    ],
    ["postgresql://hub@%2Frun%2Fpostgresql/hub", "postgresql://hub@%2Frun%2Fpostgresql/hub", "/run/postgresql"],
  ])("%s", (given, read, place) => {
    const address = readDatabaseAddress(given);
    expect(address).toBe(read);
    expect(() => new URL(address)).not.toThrow();
    expect(placeOf(address)).toBe(place);
  });
});

describe("an address that is refused", () => {
  it.each([
    ["mysql://db/hub", /needs a postgresql:\/\/ address/],
    [`jdbc:postgresql://hub:${SECRET}@db/hub`, /needs a postgresql:\/\/ address/],
    ["/run/postgresql hub", /needs a postgresql:\/\/ address/],
    ["socket:/run/postgresql?db=hub", /needs a postgresql:\/\/ address/],
    // What ends an address's first part in the midst of a password.
    [`postgresql://hub:a/${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:1/${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:a#${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:a?${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:a%${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:%ff${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:a ${SECRET}@db/hub`, /percent-encoded/],
    [`postgresql://hub:${SECRET}@db/hub\n`, /percent-encoded/],
    [`postgresql://hub:${SECRET}@a,b/hub`, /names two hosts/],
    [`postgresql://hub:${SECRET}@a:5432,b:5432/hub`, /names two hosts/],
    [`postgresql://hub:${SECRET}@db/hub?host=other`, /names two hosts/],
    [`postgresql://hub:${SECRET}@db/hub?host=/run/postgresql`, /names two hosts/],
    [`postgresql://hub:${SECRET}@/hub`, /names no host/],
    ["postgresql:///hub", /names no (host|role)/],
    [`postgresql://hub:${SECRET}@/hub?host=db`, /names its host behind the question mark/],
    [`postgresql://hub:${SECRET}@/hub?host=%2Fa,%2Fb`, /names two hosts/],
    [`postgresql://hub:${SECRET}@db:54x2/hub`, /port/],
    [`postgresql://hub:${SECRET}@db:99999/hub`, /port/],
    ["postgresql://db/hub", /names no role/],
    [`postgresql://:${SECRET}@db/hub`, /names no role/],
    [`postgresql://hub:${SECRET}@db`, /names no database/],
    [`postgresql://hub:${SECRET}@db/`, /names no database/],
    [`postgresql://hub:${SECRET}@db/hub/more`, /names no database|one database/],
    [`postgresql://hub:${SECRET}@db/hub?sslmode=prefer`, /sslmode/],
    [`postgresql://hub:${SECRET}@db/hub?sslmode=on`, /sslmode/],
    [`postgresql://hub:${SECRET}@db/hub?options=-c%20timezone%3DEurope/Paris`, /“options”.*ALTER ROLE/],
    [`postgresql://hub:${SECRET}@db/hub?statement_timeout=0`, /“statement_timeout”.*ALTER ROLE/],
    [`postgresql://hub@db/hub?password=${SECRET}`, /“password”/],
    [`postgresql://hub@db/hub?${SECRET}`, /is not known/],
    [`postgresql://hub:${SECRET}@db/hub?schema=public`, /“schema”/],
  ])("%s", (given, sentence) => {
    let said = "";
    try {
      readDatabaseAddress(given);
    } catch (error) {
      said = String(error instanceof Error ? `${error.message} ${JSON.stringify(error)} ${error.stack}` : error);
    }
    expect(said).toMatch(sentence);
    expect(said).not.toContain(SECRET);
  });
});
