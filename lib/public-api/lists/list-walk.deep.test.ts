import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { seededRandom, makeWalkedFleet, type WalkedFleet } from "@/testing/list-walk";
import { fieldTypesOf, walkedLists, walkOnce } from "@/testing/walk-lists";
import { ENDPOINTS } from "@/server/api";
import { serveForTests, type TestApi } from "@/testing/serve-api";

const SEED = Number(process.env.WALK_SEED ?? Date.now() % 1_000_000);
const ROWS = 60;
const WALKS_PER_VERSION = 30;
const random = seededRandom(SEED);
let api: TestApi;
let fleet: WalkedFleet;

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  fleet = await makeWalkedFleet(random, (resource) => fieldTypesOf(ENDPOINTS, resource));
});
afterAll(() => api.close());

const LISTS = ENDPOINTS.filter(({ contract }) => contract.list !== null);

describe(`every list in every version against a plain model (WALK_SEED=${SEED})`, () => {
  it.each(LISTS.map(({ path }) => path))("%s", async (path) => {
    const [walked] = walkedLists(
      LISTS.filter((candidate) => candidate.path === path),
      fleet,
    );
    if (walked === undefined) throw new Error(`no list at ${path}`);
    for (let count = 0; walked.records !== null && count < ROWS; count++) await walked.records.insert();
    for (const version of API_VERSIONS) {
      for (let walk = 0; walk < (walked.records === null ? 1 : WALKS_PER_VERSION); walk++) {
        expect(await walkOnce({ api, fleet, version, random }, walked)).toBeNull();
      }
    }
  });
});
