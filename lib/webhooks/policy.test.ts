import { describe, expect, it } from "vitest";

import { snakeCase } from "@/lib/platform/name-cases";
import { NOUNS, type Noun } from "@/lib/resources";
import {
  deliveryVerbs,
  endOfOldSecret,
  EVENT_GROUPS,
  eventsFor,
  FAILING_DAYS,
  groupsFor,
  isGivenUp,
  isWebhookEvent,
  resourceOf,
  RETRY_DELAYS_MS,
  retryDelayMs,
  verbsFor,
  WEBHOOK_EVENT_NAMES,
  WEBHOOK_EVENTS,
  wireName,
} from "./policy";

/** Whose events connectors rely on, name by name. */
const CONTRACT: readonly Noun[] = ["vehicle", "contact", "vehicleAssignment", "meterEntry", "fuelEntry", "apiKey"];
const NOW = new Date("2026-11-25T10:00:00Z");
const HOUR_MS = 3_600_000;
const before = (ms: number) => new Date(NOW.getTime() - ms);

describe("events", () => {
  it("are the contract's", () => {
    const rest = ["created", "updated", "deleted"];
    const fleet = (noun: string, deeds: readonly string[]) => deeds.map((deed) => `${noun}_${deed}`);
    const added = NOUNS.filter(([noun, { subscribers }]) => subscribers && !CONTRACT.includes(noun));
    const ofAdded = added.flatMap(([noun]) => WEBHOOK_EVENTS.filter((name) => name.startsWith(`${snakeCase(noun)}_`)));
    expect(WEBHOOK_EVENTS.filter((name) => !ofAdded.includes(name))).toEqual([
      ...fleet("vehicle", [...rest, "archived", "restored"]),
      ...fleet("contact", [...rest, "archived", "restored"]),
      ...fleet("vehicle_assignment", rest),
      ...fleet("meter_entry", rest),
      ...fleet("fuel_entry", rest),
      ...fleet("api_key", ["created", "updated", "renewed", "regenerated", "revoked", "expiring", "expired"]),
    ]);
  });

  it("have the house's names in snake case, but for one", () => {
    expect(wireName("vehicleAssignment.created")).toBe("vehicle_assignment_created");
    expect(wireName("apiKey.edited")).toBe("api_key_updated");
    expect(new Set(WEBHOOK_EVENT_NAMES.map(wireName)).size).toBe(WEBHOOK_EVENT_NAMES.length);
  });

  it("of API keys are a partner's, those of a fleet a customer's", () => {
    expect(eventsFor("partner")).toEqual(WEBHOOK_EVENTS.filter((name) => name.startsWith("api_key_")));
    expect(eventsFor("customer")).toEqual(WEBHOOK_EVENTS.filter((name) => !name.startsWith("api_key_")));
    expect(groupsFor("partner").map(({ label }) => label)).toEqual(["API keys"]);
    expect([...groupsFor("customer"), ...groupsFor("partner")]).toHaveLength(EVENT_GROUPS.length);
  });

  it("are known by their name on the wire alone", () => {
    expect(isWebhookEvent("vehicle_created")).toBe(true);
    for (const name of ["vehicle.created", "vehicle_sold", "", "constructor"]) expect(isWebhookEvent(name)).toBe(false);
  });

  it("name the resource whose shape their records have", () => {
    const heard = NOUNS.flatMap(([, { subscribers, wire }]) => (subscribers ? [wire] : []));
    expect(new Set(WEBHOOK_EVENT_NAMES.map(resourceOf))).toEqual(new Set(heard));
    expect(heard).toEqual(
      expect.arrayContaining([
        "vehicles",
        "contacts",
        "vehicle_assignments",
        "meter_entries",
        "fuel_entries",
        "api_keys",
      ]),
    );
  });
});

describe("retries", () => {
  const WORDS = ["5 s", "5 min", "30 min", "2 h", "5 h", "10 h", "14 h", "20 h", "24 h"];
  const UNITS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: HOUR_MS };

  it.each(WORDS.map((words, retries) => ({ words, retries })))(
    "wait $words the $retries. time",
    ({ words, retries }) => {
      const [count = "", unit = ""] = words.split(" ");
      const delay = Number(count) * (UNITS[unit] ?? 0);
      expect(retryDelayMs(retries, 0.5)).toBe(delay);
      expect(retryDelayMs(retries, 0)).toBe(delay * 0.9);
      expect(retryDelayMs(retries, 0.999_999_999_999)).toBe(Math.round(delay * 1.1));
    },
  );

  it("end after the last", () => {
    expect(RETRY_DELAYS_MS).toHaveLength(WORDS.length);
    expect(retryDelayMs(WORDS.length, 0.5)).toBeNull();
  });
});

describe("a failing webhook", () => {
  it("is given up after five days of nothing else, to the millisecond", () => {
    const days = FAILING_DAYS * 24 * HOUR_MS;
    expect(FAILING_DAYS).toBe(5);
    expect(isGivenUp(null, NOW)).toBe(false);
    expect(isGivenUp(before(days - 1), NOW)).toBe(false);
    expect(isGivenUp(before(days), NOW)).toBe(true);
  });
});

describe("the secret before a rotation", () => {
  it("signs for 24 hours more", () => {
    expect(endOfOldSecret(NOW)).toEqual(new Date("2026-11-26T10:00:00Z"));
  });
});

describe("a row's verbs", () => {
  const all = () => true;

  it("follow from its state and from what the viewer may do", () => {
    expect(verbsFor(true, all)).toEqual(["edit", "sendTest", "viewSecret", "rotateSecret", "disable", "delete"]);
    expect(verbsFor(false, all)).toEqual(["edit", "viewSecret", "rotateSecret", "enable", "delete"]);
    expect(verbsFor(true, (permission) => permission === "webhooks.revealSecret")).toEqual([
      "viewSecret",
      "rotateSecret",
    ]);
    expect(verbsFor(true, () => false)).toEqual([]);
  });
});

describe("a delivery's verbs", () => {
  it("leave out what its webhook or its sender stands in the way of, and what the viewer may not do", () => {
    expect(deliveryVerbs({ enabled: true, underWay: false }, () => true)).toEqual(["redeliver"]);
    expect(deliveryVerbs({ enabled: true, underWay: true }, () => true)).toEqual([]);
    expect(deliveryVerbs({ enabled: false, underWay: false }, () => true)).toEqual([]);
    expect(deliveryVerbs({ enabled: true, underWay: false }, () => false)).toEqual([]);
  });
});
