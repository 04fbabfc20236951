import { ROLES } from "@/lib/auth/permissions";
import { NOUNS } from "@/lib/resources";
import { expect, test } from "./fixtures";

/** Leads on to another page, whoever asks. */
const LEADS_ON = ["/", "/account-tokens", "/api-keys", "/[accountToken]"];

const IN_SPACE = "/[accountToken]/";
const OF_CUSTOMERS = [
  ...NOUNS.flatMap(([, { subscribers, page }]) => (subscribers === "customer" && page ? [page] : [])),
  "custom-fields",
  "dashboard",
  "imports",
  "settings",
];
const OF_PARTNERS = ["customers"];
/** What a member is not even told of. */
const OF_MANAGERS = ["audit-log", "custom-fields", "webhooks"];

// Not at the top: what these import reads the environment.
const measures = () => import("@/bench/first-load");
const pages = () => import("@/bench/every-page");

test("no page loads more JavaScript than it may", async ({ baseURL, factories: _ }) => {
  const { firstLoads, sayFirstLoad, FIRST_LOAD_KB } = await measures();
  const loads = await firstLoads(baseURL ?? "");
  const measured = new Set([...loads.map(({ route }) => route), ...LEADS_ON]);
  expect((await pages()).pageRoutes().filter((route) => !measured.has(route))).toEqual([]);
  expect(loads.filter(({ kilobytes }) => kilobytes > FIRST_LOAD_KB).map(sayFirstLoad)).toEqual([]);
});

for (const role of ROLES) {
  test(`${role}: every page of the space is there, and no other`, async ({ baseURL, factories: _ }) => {
    const wrong: string[] = [];
    for (const { route, path, space, cookie } of await (await pages()).openEveryPage(baseURL ?? "", role)) {
      if (!route.startsWith(IN_SPACE)) continue;
      const [section = ""] = route.slice(IN_SPACE.length).split("/");
      const isElsewhere = (space === "partner" ? OF_CUSTOMERS : OF_PARTNERS).includes(section);
      const isHidden = isElsewhere || (role === "member" && OF_MANAGERS.includes(section));
      const { status } = await fetch(`${baseURL}${path}`, { headers: { cookie }, redirect: "manual" });
      if (status !== (isHidden ? 404 : 200)) wrong.push(`${space}: ${route} answers ${status}`);
    }
    expect(wrong).toEqual([]);
  });
}
