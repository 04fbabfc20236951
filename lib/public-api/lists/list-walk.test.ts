import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { seededRandom, makeWalkedFleet, type WalkedFleet } from "@/testing/list-walk";
import { fieldTypesOf, walkedLists, walkOnce } from "@/testing/walk-lists";
import { ENDPOINTS } from "@/server/api";
import { serveForTests, type TestApi } from "@/testing/serve-api";

const SEED = Number(process.env.WALK_SEED ?? Date.now() % 1_000_000);
const random = seededRandom(SEED);
let api: TestApi;
let fleet: WalkedFleet;

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  fleet = await makeWalkedFleet(random, (resource) => fieldTypesOf(ENDPOINTS, resource));
});
afterAll(() => api.close());

const LISTS = ENDPOINTS.filter(({ contract }) => contract.list !== null);

describe(`walking lists (WALK_SEED=${SEED})`, () => {
  it("covers every list: those without a table are the collections that are always empty", () => {
    const empty = LISTS.filter(({ contract }) => fleet.recordsOf(contract.list?.resource ?? "") === null);
    expect(LISTS.length - empty.length).toBeGreaterThanOrEqual(13);
    expect(new Set(empty.map(({ permission }) => permission))).toEqual(new Set(["emptyCollections.read"]));
  });

  it.each(LISTS.filter(({ permission }) => permission !== "emptyCollections.read").map(({ path }) => path))(
    "%s repeats, loses and misplaces nothing",
    async (path) => {
      const endpoint = LISTS.filter((candidate) => candidate.path === path);
      const [walked] = walkedLists(endpoint, fleet);
      if (!walked?.records) throw new Error(`no model of ${path}`);
      for (let count = 0; count < 8; count++) await walked.records.insert();
      for (const version of ["2023-03-01", API_VERSIONS[random(5)] ?? "2024-01-01", "2025-05-05"] as const) {
        expect(await walkOnce({ api, fleet, version, random }, walked)).toBeNull();
      }
    },
  );
});
