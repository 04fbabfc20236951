import { expect, test } from "./fixtures";

/** Leads on to another page, whoever asks. */
const LEADS_ON = ["/", "/account-tokens", "/api-keys", "/[accountToken]"];

test("no page loads more JavaScript than it may", async ({ baseURL, factories: _ }) => {
  // Not at the top: what they import reads the environment.
  const { firstLoads, sayFirstLoad, FIRST_LOAD_KB } = await import("@/bench/first-load");
  const { pageRoutes } = await import("@/bench/every-page");
  const loads = await firstLoads(baseURL ?? "");
  const measured = new Set([...loads.map(({ route }) => route), ...LEADS_ON]);
  expect(pageRoutes().filter((route) => !measured.has(route))).toEqual([]);
  expect(loads.filter(({ kilobytes }) => kilobytes > FIRST_LOAD_KB).map(sayFirstLoad)).toEqual([]);
});
