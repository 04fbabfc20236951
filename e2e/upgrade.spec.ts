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
/** What a page asks of the server of another release is of that one. */
const otherRelease = async (route: Route) => {
  if (route.request().headers().rsc === undefined) return route.fallback();
  const answer = await route.fetch();
  return route.fulfill({
    response: answer,
    headers: { ...answer.headers(), "x-nextjs-deployment-id": "another-release" },
  });
};
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
  await page.getByRole("button", { name: "Reload", exact: true }).click();
  await page.getByRole("button", { name: "Add Customer", exact: true }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Southwind Haulage");
  await expect(page.getByLabel("Owner’s e-mail address")).toHaveValue("olga@southwind.example");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Add|Save/ })
    .click();
  await expect(page.getByRole("heading", { name: "Southwind Haulage" })).toBeVisible();
});

test("whoever signs in finds the address again that was typed before the reload", async ({ page }) => {
  await page.goto("/sign-in");
  await page.route("**/*", unknownAction);
  await page.getByLabel("E-mail address").fill("olga@southwind.example");
  await page.getByRole("button", { name: "Send sign-in link" }).click();
  await expect(page.getByRole("alert").filter({ hasText: HUB_UPDATED })).toHaveText(
    `${HUB_UPDATED} What you typed is kept.`,
  );
  await page.unroute("**/*", unknownAction);
  await page.reload();
  await expect(page.getByLabel("E-mail address")).toHaveValue("olga@southwind.example");
});

test("a vehicle and a driver that were picked are there after the reload, by their names", async ({
  page,
  signedInAs,
  customer: { account, member },
}) => {
  const { makeVehicle } = await import("@/prisma/factories/vehicles");
  const { makeContact } = await import("@/prisma/factories/contacts-and-entries");
  await makeVehicle({ account, name: "Truck 1" });
  await makeContact({ account, firstName: "Ann", lastName: "Archer" });
  await signedInAs(member);
  await page.goto(`/${account.token}/vehicle-assignments`);
  await page.getByRole("button", { name: "Assign Driver" }).first().click();
  const dialog = page.getByRole("dialog");
  for (const [label, name] of Object.entries({ Vehicle: "Truck 1", Driver: "Ann Archer" })) {
    await dialog.getByRole("combobox", { name: label }).fill(name);
    await dialog.getByRole("option", { name }).click();
  }
  await page.route("**/*", unknownAction);
  await dialog.getByRole("button", { name: "Assign driver" }).click();
  await expect(dialog.getByText(`${HUB_UPDATED} What you typed is kept.`)).toBeVisible();
  await page.unroute("**/*", unknownAction);
  await page.reload();
  await page.getByRole("button", { name: "Assign Driver" }).first().click();
  await expect(dialog.getByRole("combobox", { name: "Vehicle" })).toHaveValue("Truck 1");
  await expect(dialog.getByRole("combobox", { name: "Driver" })).toHaveValue("Ann Archer");
  await dialog.getByRole("button", { name: "Assign driver" }).click();
  await expect(dialog).toBeHidden();
});

test("columns that were chosen for an import are there after the reload", async ({
  page,
  signedInAs,
  customer: { account, member },
}) => {
  await signedInAs(member);
  await page.goto(`/${account.token}/imports/new?record=vehicles`);
  await page
    .getByLabel("CSV file")
    .setInputFiles({ name: "fleet.csv", mimeType: "text/csv", buffer: Buffer.from("Name;Note\r\nVan 2;red") });
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByLabel("Note").selectOption("color");
  await page.route("**/*", unknownAction);
  await page.getByRole("button", { name: "Import 1 vehicle" }).click();
  await expect(page.getByText(`${HUB_UPDATED} What you typed is kept.`)).toBeVisible();
  await page.unroute("**/*", unknownAction);
  await page.reload();
  await expect(page.getByLabel("Note")).toHaveValue("color");
  await expect(page.getByLabel("Name")).toHaveValue("name");
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

test("a page that is renewed by a server of another release is loaded anew, and what was typed is there", async ({
  page,
  signedInAs,
  fleet,
  db,
  customer: { account, administrator },
}) => {
  const contact = await fleet.makeContact({ account, firstName: "Nadia", lastName: "Brandt" });
  await signedInAs(administrator);
  await page.goto(`/${account.token}/contacts/${contact.id}/edit`);
  // What is typed at the very moment at which the script comes is put behind what was there.
  await page.getByRole("region", { name: /Notifications/ }).waitFor({ state: "attached" });
  await page.getByLabel("Last name").fill("Typed");
  await page.getByLabel("Job title").fill("Driver");
  await db.contact.updateMany({ where: { accountId: account.id, id: contact.id }, data: { lastName: "Else" } });
  const asked: string[] = [];
  page.on("dialog", (question) => {
    asked.push(question.type());
    void question.accept();
  });
  await page.route("**/*", otherRelease);
  const loaded = page.waitForEvent("load");
  // Somebody else was first: the form asks for the page anew.
  await page.getByRole("button", { name: "Save" }).click();
  await loaded;
  await page.unroute("**/*", otherRelease);
  await expect(page.getByLabel("Job title")).toHaveValue("Driver");
  await expect(page.getByLabel("Last name")).toHaveValue("Typed");
  await expect(page.getByLabel("Last name")).toHaveAccessibleDescription(/Somebody changed this since you typed/);
  expect(asked).toEqual([]);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Nadia Typed" })).toBeVisible();
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
