import type { Route } from "@playwright/test";

import { expect, test } from "./fixtures";

/** What the server of another release answers to a form of this one. */
const unknownAction = (route: Route) =>
  route.request().headers()["next-action"] === undefined
    ? route.fallback()
    : route.fulfill({
        status: 409,
        contentType: "text/plain",
        headers: { "x-nextjs-action-not-found": "1" },
        body: "",
      });
const missing = (route: Route) => route.fulfill({ status: 404, body: "" });
const HUB_UPDATED = "The hub was updated: reload this page, then do it again.";

test.beforeEach(({ noise }) => noise.foresee(/Failed to load resource: .* (404|409)|Failed to load chunk/));

test("a form that was open over an upgrade says so, and what was typed is there after the reload", async ({
  page,
  partner,
  signedInAs,
}) => {
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/customers`);
  await page.getByRole("button", { name: "Add Customer", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill("Southwind Haulage");
  await page.route("**/*", unknownAction);
  await page.getByLabel("Owner’s e-mail address").fill("olga@southwind.example");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Add|Save/ })
    .click();
  await expect(page.getByRole("alert").filter({ hasText: HUB_UPDATED })).toHaveText(
    `${HUB_UPDATED} What you typed is kept.`,
  );
  await page.unroute("**/*", unknownAction);
  await page.reload();
  await page.getByRole("button", { name: "Add Customer", exact: true }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Southwind Haulage");
  await expect(page.getByLabel("Owner’s e-mail address")).toHaveValue("olga@southwind.example");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Add|Save/ })
    .click();
  await expect(page.getByRole("heading", { name: "Southwind Haulage" })).toBeVisible();
});

test("a webhook's authorization is typed anew: no secret is kept", async ({ page, partner, signedInAs }) => {
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/webhooks`);
  await page.getByRole("button", { name: "Add Webhook" }).first().click();
  await page.getByLabel("URL").fill("https://receiver.example.com/hub");
  await page.getByRole("button", { name: "All of API keys" }).click();
  await page.getByLabel("Authorization header").fill("Bearer canary-of-the-form");
  await page.route("**/*", unknownAction);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Add|Save|Create/ })
    .last()
    .click();
  await expect(page.getByRole("alert").filter({ hasText: HUB_UPDATED })).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  expect(kept).toContain("receiver.example.com");
  expect(kept).not.toContain("canary-of-the-form");
});

test("what opens late and is of the release before says so too", async ({ page, partner, signedInAs }) => {
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/customers`);
  // What shows it has come by then, as it has in a tab that was open for a while.
  await page.getByRole("region", { name: /Notifications/ }).waitFor({ state: "attached" });
  await page.route("**/_next/static/chunks/**", missing);
  await page.getByRole("button", { name: "Add Customer", exact: true }).click();
  await expect(page.getByText("Reload this page, then open it again.").first()).toBeVisible();
});
