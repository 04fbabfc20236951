import { createServer, connect, type Server, type Socket } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { checkDatabases } from "./check";

const PASSWORD = "Kp7secret";
const BASE = () => new URL(process.env.DATABASE_URL ?? "");

let administrator: Client;

function addressOf({
  role,
  password,
  database,
  port,
}: Partial<Record<"role" | "password" | "database" | "port", string>>) {
  const address = BASE();
  if (role !== undefined) address.username = role;
  if (password !== undefined) address.password = password;
  if (database !== undefined) address.pathname = `/${database}`;
  if (port !== undefined) address.port = port;
  return address.href;
}

async function complaintOf(url: string, migrationUrl?: string): Promise<string> {
  return checkDatabases(url, migrationUrl).then(
    () => "",
    (error: unknown) => {
      expect(error).toMatchObject({ name: "Refusal" });
      const said = (error as Error).message;
      expect(said).not.toContain(PASSWORD);
      expect(said).not.toContain(decodeURIComponent(BASE().password));
      expect(said).not.toContain("\n");
      return said;
    },
  );
}

beforeAll(async () => {
  administrator = new Client({ connectionString: BASE().href });
  await administrator.connect();
  for (const statement of [
    "DROP DATABASE IF EXISTS check_latin",
    "DROP DATABASE IF EXISTS check_closed",
    "DROP ROLE IF EXISTS check_role",
    `CREATE ROLE check_role LOGIN PASSWORD '${PASSWORD}'`,
    "CREATE DATABASE check_latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0",
    "CREATE DATABASE check_closed",
    "REVOKE CONNECT ON DATABASE check_closed FROM PUBLIC",
  ])
    await administrator.query(statement);
});

afterAll(() => administrator.end());

describe("a database that is looked at before it is relied on", () => {
  it("is taken as it is, by both roles", async () => {
    const role = addressOf({ role: "check_role", password: PASSWORD });
    expect(await complaintOf(role, BASE().href)).toBe("");
  });

  it.each([
    [{ password: PASSWORD }, /DATABASE_URL asks for: password authentication failed for user .*Look at the role/],
    [{ database: "check_nowhere" }, /database "check_nowhere" does not exist.*CREATE DATABASE "check_nowhere"/],
    [
      { role: "check_role", password: PASSWORD, database: "check_closed" },
      /permission denied for database "check_closed".*GRANT CONNECT ON DATABASE "check_closed" TO "check_role"/,
    ],
    [{ database: "check_latin" }, /"check_latin" that DATABASE_URL names is encoded in LATIN1.*CREATE DATABASE/],
    [{ port: "1" }, /^The database at 127\.0\.0\.1:1 does not answer.*\(ECONNREFUSED\).*DATABASE_URL says where it is/],
  ] as const)("%o is refused in a sentence that names the variable", async (parts, sentence) => {
    expect(await complaintOf(addressOf(parts))).toMatch(sentence);
  });

  it("says that the server has no TLS, and which file it cannot read", async () => {
    expect(await complaintOf(`${BASE().href}?sslmode=verify-full`)).toMatch(/^DATABASE_URL asks for TLS/);
    expect(await complaintOf(`${BASE().href}?sslmode=verify-full&sslrootcert=%2Fno%2Fca.pem`)).toMatch(
      /^A file that DATABASE_URL names cannot be read: .*\/no\/ca\.pem/,
    );
  });

  it("says the same of the other variable", async () => {
    expect(await complaintOf(BASE().href, addressOf({ password: PASSWORD }))).toMatch(/MIGRATION_DATABASE_URL/);
    expect(await complaintOf(BASE().href, addressOf({ database: "postgres" }))).toMatch(/lead to different databases/);
  });

  it("says what a role was given that is in the way", async () => {
    await administrator.query("ALTER ROLE check_role SET search_path = elsewhere");
    const url = addressOf({ role: "check_role", password: PASSWORD });
    expect(await complaintOf(url)).toMatch(/search_path is “” .*ALTER ROLE "check_role" SET search_path = 'public';/);
    await administrator.query("ALTER ROLE check_role RESET search_path");
    // What was asked for counts more than what the role was given.
    await administrator.query("ALTER ROLE check_role SET timezone = 'Asia/Tokyo'");
    await administrator.query("ALTER ROLE check_role SET statement_timeout = 0");
    await administrator.query("ALTER ROLE check_role SET datestyle = 'SQL, DMY'");
    expect(await complaintOf(url)).toBe("");
  });
});

/** A door to the database that hands on who comes, and of what he asks for only this: as PgBouncer does that was told to ignore it. */
function dropping(dropped: RegExp): { server: Server; port: () => string } {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(BASE().port || 5432), BASE().hostname);
    for (const socket of [near, far]) sockets.add(socket.on("error", () => undefined));
    near.once("data", (first) => {
      const words = first.subarray(8).toString("latin1").split("\0");
      const pairs = words.flatMap((name, index) => (index % 2 === 0 && name ? [[name, words[index + 1] ?? ""]] : []));
      const kept = pairs.map(([name, value]) =>
        name === "options" ? [name, String(value).replaceAll(dropped, "")] : [name, value],
      );
      const body = Buffer.from(`${kept.flat().join("\0")}\0\0`, "latin1");
      const head = Buffer.from(first.subarray(0, 8));
      head.writeInt32BE(body.length + 8);
      far.write(Buffer.concat([head, body]));
      near.pipe(far).pipe(near);
    });
    near.on("close", () => far.destroy());
  });
  return { server, port: () => String((server.address() as { port: number }).port) };
}

async function through(dropped: RegExp, ask: (port: string) => Promise<void>): Promise<void> {
  const { server, port } = dropping(dropped);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await ask(port()).finally(() => server.close());
}

describe("a way to the database on which settings are lost", () => {
  it("is refused, with what is not as it was asked for", async () => {
    await administrator.query("ALTER ROLE check_role SET timezone = 'Asia/Tokyo'");
    await through(/-c (\\.|\S)+/g, async (port) => {
      const said = await complaintOf(addressOf({ role: "check_role", password: PASSWORD, port }));
      expect(said).toContain("TimeZone is “Asia/Tokyo” and not “UTC”");
      expect(said).toContain("statement_timeout is “0” and not “3500ms”");
      expect(said).toContain("default_transaction_read_only is “off” and not “on”");
      expect(said).toMatch(/give the server's own address in DATABASE_URL\.$/);
    });
  });

  it("is refused where it is one setting alone, which the role may have", async () => {
    await administrator.query("ALTER ROLE check_role SET timezone = 'Asia/Tokyo'");
    await through(/-c TimeZone=\S+/g, async (port) => {
      const url = addressOf({ role: "check_role", password: PASSWORD, port });
      expect(await complaintOf(url)).toMatch(/ALTER ROLE "check_role" SET TimeZone = 'UTC';$/);
      await administrator.query("ALTER ROLE check_role SET timezone = 'UTC'");
      expect(await complaintOf(url)).toBe("");
    });
  });

  it("gives no connection to a pool, and no change through the pool for queries", async () => {
    const { readPool } = await import("./pool");
    const { env } = await import("@/lib/platform/env");
    await through(/-c default_transaction_read_only=\S+/g, async (port) => {
      const straight = env().DATABASE_URL;
      Object.assign(env(), { DATABASE_URL: addressOf({ port }) });
      const pool = readPool();
      Object.assign(env(), { DATABASE_URL: straight });
      await expect(pool.query("SELECT 1")).rejects.toThrow(/default_transaction_read_only is “off” and not “on”/);
      await pool.end();
    });
  });
});
