import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

import { KEY_VERBS } from "@/lib/api-keys/policy";
import { revokeApiKey } from "@/lib/api-keys/service";
import { takeLine, noFacts } from "@/lib/after-restore/take-line";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { FINAL_DEEDS, RESOURCES } from "@/lib/resources";
import { EVENTS } from "./events";
import { isSealed, personOf, sealOf, type FinalAct } from "./final-acts";
import { mutate } from "./mutate";

/** Every `noun.deed` that the sources write out. */
function eventsWrittenOut(): string[] {
  const nouns = Object.keys(RESOURCES).join("|");
  const files = ["lib", "prisma/demo"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.test)\.ts$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const found = files.flatMap((file) => [
    ...readFileSync(file, "utf8").matchAll(new RegExp(`name: "((?:${nouns})\\.[a-zA-Z]+)"`, "g")),
  ]);
  return [...new Set(found.map(([, name = ""]) => name))];
}

describe("the list of final acts", () => {
  it("knows every event there is, and every verb of a key", () => {
    const jobs = ["auditLog.verify", "auditLog.logHeads"];
    const unknown = eventsWrittenOut().filter((name) => !(name in EVENTS) && !jobs.includes(name));
    expect(unknown).toEqual([]);
    for (const { event } of Object.values(KEY_VERBS)) if (event !== null) expect(EVENTS).toHaveProperty([event]);
  });

  it("has an event for every deed that is done again", () => {
    expect([...new Set(Object.values(EVENTS).filter((deed) => deed !== null))].sort()).toEqual([...FINAL_DEEDS].sort());
  });
});

describe("a final act", () => {
  let people: PartnerWithPeople;
  beforeAll(async () => {
    people = await makePartnerWithPeople();
  });

  const keptOf = async () => {
    const kept = await bookkeepingDb().finalAct.findMany({ where: { act: { contains: people.account.token } } });
    return kept.map(({ act, hmac }) => ({ act: JSON.parse(act) as FinalAct, hmac }));
  };

  it("is put down with what finds its record again, sealed, and only if it happened", async () => {
    const { key } = await makeApiKey({ account: people.account });
    const permit = await permitFor("apiKeys.manage", { user: people.owner, account: people.account });
    const undone = mutate(permit, async (tx) => {
      await tx.apiKey.findUniqueOrThrow({ where: { id: key.id } });
      const event = {
        name: "apiKey.revoked" as const,
        record: { type: "apiKey" as const, id: key.id, name: key.name },
      };
      await Promise.resolve();
      if (event.record.id > 0) throw new Error("undone");
      return { result: null, events: [event] };
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await keptOf()).toEqual([]);

    await revokeApiKey(permit, { id: key.id });
    const [kept, ...others] = await keptOf();
    expect(others).toEqual([]);
    expect(kept?.act).toMatchObject({
      deed: "keyRevoked",
      account: people.account.token,
      record: { id: key.id, createdAt: key.createdAt.toISOString() },
      facts: { prefix: key.prefix, reason: "by_hand" },
    });
    expect(isSealed("finalAct", kept?.act, kept?.hmac)).toBe(true);
    expect(isSealed("finalAct", { ...kept?.act, at: "2020-01-01T00:00:00.000Z" }, kept?.hmac)).toBe(false);
    expect(isSealed("highestIds", kept?.act, kept?.hmac)).toBe(false);
  });

  it("is read back from a line of any collector, and no line that others wrote is", () => {
    const act = { deed: "keyRevoked", account: "798819214b", sequence: 3 };
    const hmac = sealOf("finalAct", act);
    const facts = noFacts();
    const time = "2026-11-30T02:00:00.000Z";
    takeLine(facts, `hub-1  | ${JSON.stringify({ level: 30, time, finalAct: act, hmac })}`);
    takeLine(facts, JSON.stringify({ time, finalAct: { ...act, sequence: 4 }, hmac }));
    takeLine(facts, `{"anchor":"798819214b:12:${"a".repeat(64)}","time":"${time}"}`);
    takeLine(facts, '{"finalAct": cut off');
    takeLine(facts, "a stack, or nothing");
    expect([...facts.acts.values()]).toEqual([act]);
    expect([facts.unsealed, facts.firstAt, facts.anchors.get("798819214b")?.[0]?.sequence]).toEqual([1, time, 12]);
  });

  it("names a person by what only the hub can make of his address", () => {
    expect(personOf("Olga@Example.com")).toBe(personOf("olga@example.com"));
    expect(personOf("olga@example.com")).not.toMatch(/olga|example/);
  });
});
