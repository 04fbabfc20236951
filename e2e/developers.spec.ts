import { readFileSync } from "node:fs";

import { expect, test } from "./fixtures";

const environment = () => JSON.parse(readFileSync(".build/e2e-environment.json", "utf8")) as { APP_URL: string };

test("the reference has every operation of the document, and a request for each", async ({ page, request }) => {
  const document = (await (await request.get("/api/openapi.json")).json()) as {
    openapi: string;
    servers: { url: string }[];
    paths: Record<string, Record<string, { summary: string; description: string }>>;
  };
  expect([document.openapi, document.servers[0]?.url]).toEqual(["3.1.0", `${environment().APP_URL}/api/v1`]);
  await page.goto("/developers/reference");
  const text = await page.getByRole("main").innerText();
  for (const [template, item] of Object.entries(document.paths)) {
    for (const [method, { summary, description }] of Object.entries(item)) {
      expect(text).toContain(`${method.toUpperCase()} ${template}`);
      expect(text).toContain(summary);
      if (description.includes("always empty")) continue;
      await expect(page.getByRole("group", { name: `Request: ${summary}`, exact: true })).toContainText("curl");
    }
  }
  await page.goto("/developers");
  const guide = await page.getByRole("region", { name: "Archived records and empty collections" }).innerText();
  for (const [template, item] of Object.entries(document.paths))
    // Its archive and the one of each vehicle are told with the list itself.
    if (item.get?.description.includes("always empty"))
      expect(guide).toContain(template.replace(/^\/(vehicles\/\{id\}\/)?/, "").replace("/archived", ""));
});

test("a request of the guide works as it stands, with a key in it", async ({ page, factories, partner, request }) => {
  const { token } = await factories.makeApiKey({ account: partner.account });
  await page.goto("/developers");
  const text = await page.getByRole("group", { name: "First request" }).innerText();
  const address = /curl (\S+)/.exec(text)?.[1] ?? "";
  const header = /-H "Authorization: (.+)"/.exec(text)?.[1]?.replace("$FLEET_API_KEY", token) ?? "";
  const answer = await request.get(address, { headers: { Authorization: header } });
  expect(answer.status()).toBe(200);
  expect(((await answer.json()) as { records: unknown[] }).records).toHaveLength(3);
});

test("the keyboard alone leads from the console to the security chapter and to an operation", async ({
  page,
  partner,
  signedInAs,
}) => {
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/api-keys`);
  await expect(page.getByRole("link", { name: "How to keep keys safe" })).toHaveAttribute(
    "href",
    "/developers#security",
  );
  await page.getByRole("group", { name: "Developers" }).getByRole("link", { name: "API reference" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/developers\/reference$/);
  const link = page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Fuel entries" });
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#group-fuel-entries$/);
  await expect(page.getByRole("heading", { name: "Fuel entries", exact: true })).toBeInViewport();
});
