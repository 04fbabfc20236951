import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { useOwnDatabase } from "@/testing/own-database";
import { databaseIdentity, objectionTo, OtherDatabaseError, readObjection, recordIdentity } from "./identity";
import { serving } from "@/lib/platform/serving";

const RECORDED = { databaseOid: "5", tableOid: "16400", systemIdentifier: "77", timeline: 1 };
const SERVE_ON = { stopOnNewTimeline: false };

describe("who the database is", () => {
  it.each([
    ["the same", {}, null],
    ["another database, such as a copy", { databaseOid: "6" }, /restored, copied or moved/],
    ["another table: `pg_restore --clean`", { tableOid: "16999" }, /restored, copied or moved/],
    ["another server", { systemIdentifier: "78" }, /restored, copied or moved/],
    ["a server that does not tell who it is", { systemIdentifier: null }, null],
    ["a fail-over", { timeline: 2 }, null],
    ["a server that does not tell its timeline", { timeline: null }, null],
  ])("%s", (_what, found, sentence) => {
    const objection = objectionTo({ ...RECORDED, ...found }, [RECORDED], SERVE_ON);
    if (sentence === null) expect(objection).toBeNull();
    else expect(objection).toMatch(sentence);
  });

  it("a new timeline stops those who want the stop", () => {
    const strict = { stopOnNewTimeline: true };
    expect(objectionTo({ ...RECORDED, timeline: 3 }, [RECORDED], strict)).toMatch(/timeline 1 became 3/);
    expect(objectionTo(RECORDED, [RECORDED], strict)).toBeNull();
  });

  it("a database that does not say is none to serve: a restore is under way; nor one that says two things", () => {
    expect(objectionTo(RECORDED, [], SERVE_ON)).toMatch(/under way, or was broken off/);
    expect(objectionTo(RECORDED, [RECORDED, { ...RECORDED, databaseOid: "6" }], SERVE_ON)).toMatch(/restored/);
  });
});

describe("a real one", () => {
  let client: Client;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    drop = await useOwnDatabase("identity");
    client = new Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await drop();
  });

  const as = (role: string, work: () => Promise<void>) =>
    client
      .query(`SET ROLE ${role}`)
      .then(work)
      .finally(() => client.query("RESET ROLE"));

  it("knows itself from its migrations on, also by a role that may do nothing but read it", async () => {
    expect(await readObjection(client)).toBeNull();
    const role = `reader_${process.pid}`;
    await client.query(`CREATE ROLE ${role}; GRANT SELECT ON database_identity TO ${role}`);
    try {
      await as(role, async () => expect(await readObjection(client)).toBeNull());
      // Not every provider lets the server's own facts be read.
      await client.query("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
      await as(role, async () => expect(await readObjection(client)).toBeNull());
    } finally {
      await client.query("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC");
      await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it("places in the changes are others with every new timeline that is seen, once, and after a restore", async () => {
    const epoch = async () =>
      (await client.query<{ epoch: string }>("SELECT epoch FROM database_identity")).rows[0]?.epoch ?? "none";
    const look = () => databaseIdentity().look(client);
    const epochs = [await epoch()];
    await look();
    expect(await epoch()).toBe(epochs[0]);
    await client.query("UPDATE database_identity SET seen_timeline_at = clock_timestamp()");
    expect(await epoch()).toBe(epochs[0]);
    // As it stands in a database that went on at another server.
    await client.query(`BEGIN; SET LOCAL session_replication_role = replica;
      UPDATE database_identity SET timeline = timeline - 1, seen_timeline = timeline - 1; COMMIT`);
    expect(await epoch()).toBe(epochs[0]);
    await Promise.all([look(), look()]);
    epochs.push(await epoch());
    await look();
    expect(await epoch()).toBe(epochs[1]);
    await recordIdentity(client);
    epochs.push(await epoch());
    expect(new Set(epochs).size).toBe(3);
  });

  it("a table put in its place stops a running process at once, and what was recorded anew lets it go on", async () => {
    const identity = databaseIdentity();
    await identity.look(client);
    const oid = async () =>
      (await client.query<{ oid: number | null }>("SELECT to_regclass('database_identity')::oid AS oid")).rows[0]?.oid;
    identity.confirm((await oid()) ?? null);
    await client.query(
      "CREATE TABLE put (LIKE database_identity INCLUDING ALL); INSERT INTO put SELECT * FROM database_identity",
    );
    await client.query("DROP TABLE database_identity");
    expect(await readObjection(client)).toMatch(/under way/);
    await client.query("ALTER TABLE put RENAME TO database_identity");

    const restored = await oid();
    expect(() => identity.confirm(restored ?? null)).toThrow(OtherDatabaseError);
    expect(serving().refusedBecause()).toMatch(/restored, copied or moved/);
    await identity.look(client);
    expect(() => identity.confirm(restored ?? null)).toThrow(OtherDatabaseError);

    await recordIdentity(client);
    await identity.look(client);
    expect(serving().refusedBecause()).toBeNull();
    identity.confirm(restored ?? null);
  });

  it("a new timeline is told of and written down, and stops nothing", async () => {
    await client.query("UPDATE database_identity SET timeline = timeline - 1, seen_timeline = timeline - 1");
    const identity = databaseIdentity();
    await identity.look(client);
    await identity.look(client);
    const { timelineChange, timeline } = identity;
    expect(serving().refusedBecause()).toBeNull();
    expect(timelineChange).toMatchObject({ from: (timeline ?? 0) - 1, to: timeline, isRecent: true });
    expect(timelineChange?.at).toMatch(/^\d{4}-/);
    await client.query("UPDATE database_identity SET seen_timeline_at = seen_timeline_at - interval '8 days'");
    await identity.look(client);
    expect(identity.timelineChange?.isRecent).toBe(false);
    await recordIdentity(client);
    await identity.look(client);
    expect(identity.timelineChange).toBeNull();
  });
});
