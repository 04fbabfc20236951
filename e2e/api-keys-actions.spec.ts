import { apiStatus, chooseRowAction, openApiKeys, openRowMenu, rowOf, takeToken, tokenDialog } from "./api-keys-page";
import { expect, test } from "./fixtures";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("edit changes name and version, nothing else", async ({ page, partner, factories, signedInAs, db }) => {
  const { key } = await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: "Old name" });
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  await chooseRowAction(page, "Old name", "Edit");
  const dialog = page.getByRole("dialog", { name: "Edit “Old name”" });
  await dialog.getByLabel("Name").fill(" ");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/Give the key a name/);
  await dialog.getByLabel("Name").fill("New name");
  await dialog.getByLabel("API version").selectOption("2023-03-01");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, "New name").getByText("2023-03-01")).toBeVisible();
  const { revision: _r, updatedAt: _u, ...after } = await db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
  const { revision: _s, updatedAt: _v, ...before } = key;
  expect(after).toEqual({ ...before, name: "New name", apiVersion: "2023-03-01" });
});

test("renew states the new date before, and a toast at the bottom right confirms it after", async ({
  page,
  partner,
  factories,
  signedInAs,
  db,
}) => {
  const { key } = await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    state: "expiring",
    name: "Reporting script",
  });
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  await expect(rowOf(page, "Reporting script").getByText("Expiring soon")).toBeVisible();
  await chooseRowAction(page, "Reporting script", "Renew");
  const dialog = page.getByRole("alertdialog", { name: "Renew “Reporting script”?" });
  const due = new Date();
  const words = `${due.getUTCDate()} ${due.toLocaleString("en", { month: "short", timeZone: "UTC" })} ${due.getUTCFullYear() + 1}`;
  await expect(dialog).toContainText(`It will expire on ${words}`);
  await dialog.getByRole("button", { name: "Renew key" }).click();
  await expect(dialog).toBeHidden();
  const toast = page.getByRole("listitem").filter({ hasText: "“Reporting script” renewed" });
  await expect(toast).toContainText(`Now expires ${words}`);
  const [box, size] = [await toast.boundingBox(), page.viewportSize()];
  expect(box && size && size.width - box.x - box.width).toBeLessThan(48);
  expect(box && size && size.height - box.y - box.height).toBeLessThan(48);
  await expect(rowOf(page, "Reporting script").getByText("Active")).toBeVisible();
  const renewed = await db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
  expect(renewed.expiresAt.getTime() - key.expiresAt.getTime()).toBeGreaterThan(300 * 86_400_000);
});

test("regenerate lets the old token go on for the overlap, and the next time ends it", async ({
  page,
  partner,
  factories,
  signedInAs,
  baseURL,
  db,
}) => {
  const { key, token: first } = await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    name: "Driver app",
    createdAt: new Date(Date.now() - 86_400_000),
  });
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  await chooseRowAction(page, "Driver app", "Regenerate");
  const dialog = page.getByRole("dialog", { name: "Regenerate “Driver app”?" });
  await expect(dialog.getByRole("radio", { name: "Stop at once" })).toBeChecked();
  await dialog.getByRole("radio", { name: "24 hours" }).check();
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await expect(await tokenDialog(page, "Driver app")).toContainText("Old tokenworks until");
  const second = await takeToken(page, "Driver app");
  expect(second).not.toBe(first);
  expect([await apiStatus(baseURL, first), await apiStatus(baseURL, second)]).toEqual([200, 200]);

  await chooseRowAction(page, "Driver app", "Regenerate");
  await expect(dialog).toContainText("The token that still overlaps from last time stops at once.");
  await dialog.getByRole("radio", { name: "1 hour" }).check();
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  const third = await takeToken(page, "Driver app");
  expect([await apiStatus(baseURL, first), await apiStatus(baseURL, second), await apiStatus(baseURL, third)]).toEqual([
    401, 200, 200,
  ]);

  await chooseRowAction(page, "Driver app", "Regenerate");
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  const fourth = await takeToken(page, "Driver app");
  expect([await apiStatus(baseURL, second), await apiStatus(baseURL, third), await apiStatus(baseURL, fourth)]).toEqual(
    [401, 401, 200],
  );
  const after = await db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
  expect(after).toMatchObject({ name: key.name, scopes: key.scopes, expiresAt: key.expiresAt });
});

test("revoke names the key and its last use, is immediate and final", async ({
  page,
  partner,
  factories,
  signedInAs,
  baseURL,
}) => {
  const lastUse = { at: new Date(Date.now() - 3 * 60_000), ip: "203.0.113.7" };
  const { token, oldToken } = await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    name: "Website sync",
    lastUse,
    oldTokenUntil: new Date(Date.now() + 3_600_000),
  });
  expect([await apiStatus(baseURL, token), await apiStatus(baseURL, oldToken ?? "")]).toEqual([200, 200]);
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  await chooseRowAction(page, "Website sync", "Revoke");
  const dialog = page.getByRole("alertdialog", { name: "Revoke “Website sync”?" });
  // The uses of just now may have been written down by now, or not.
  await expect(dialog).toContainText(/It was last used (.+ ago|just now) from .+\./);
  await expect(dialog.getByRole("button", { name: "Keep key" })).toBeFocused();
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(dialog).toBeHidden();
  expect([await apiStatus(baseURL, token), await apiStatus(baseURL, oldToken ?? "")]).toEqual([401, 401]);
  await expect(page.getByText("“Website sync” revoked", { exact: true })).toBeVisible();
  await expect(rowOf(page, "Website sync").getByText("Revoked", { exact: true })).toBeVisible();
  const menu = await openRowMenu(page, "Website sync");
  await expect(menu.getByRole("menuitem")).toHaveText(["View details"]);
  await expect(page.getByRole("checkbox", { name: "Select Website sync" })).toHaveCount(0);
});

test("keeping the key keeps it, by button and by Escape", async ({ page, partner, factories, signedInAs, baseURL }) => {
  const { token } = await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: "Kept" });
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await chooseRowAction(page, "Kept", "Revoke");
  await expect(page.getByRole("alertdialog")).toContainText("It was never used.");
  await page.getByRole("button", { name: "Keep key" }).click();
  await chooseRowAction(page, "Kept", "Revoke");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(rowOf(page, "Kept").getByText("Active")).toBeVisible();
  expect(await apiStatus(baseURL, token)).toBe(200);
});

test("revoke selected revokes what can be, and lists what was refused and why", async ({
  page,
  partner,
  factories,
  signedInAs,
  pageOf,
  baseURL,
}) => {
  const make = (name: string) => factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name });
  const [first, second, third] = [await make("First"), await make("Second"), await make("Third")];
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  for (const name of ["First", "Second"]) {
    await rowOf(page, name).hover();
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  }
  await expect(page.getByRole("group", { name: "Selection" })).toContainText("2 selected");
  await expect(page.getByRole("searchbox")).toBeHidden();

  const other = await pageOf("owner");
  await openApiKeys(other, partner.account);
  await chooseRowAction(other, "Second", "Revoke");
  await other.getByRole("button", { name: "Revoke key" }).click();
  await expect(rowOf(other, "Second").getByText("Revoked", { exact: true })).toBeVisible();

  await page.getByRole("group", { name: "Selection" }).getByRole("button", { name: "Revoke" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Revoke 2 keys?" });
  await expect(dialog.getByRole("listitem")).toHaveText(["Second", "First"]);
  await dialog.getByRole("button", { name: "Revoke 2 keys" }).click();
  const answer = page.getByRole("dialog", { name: "1 key revoked, 1 not" });
  await expect(answer).toContainText("“Second” is revoked already, for good.");
  await answer.getByRole("button", { name: "Done" }).click();
  await expect(rowOf(page, "First").getByText("Revoked", { exact: true })).toBeVisible();
  await expect(page.getByRole("group", { name: "Selection" })).toBeHidden();
  expect([
    await apiStatus(baseURL, first.token),
    await apiStatus(baseURL, second.token),
    await apiStatus(baseURL, third.token),
  ]).toEqual([401, 401, 200]);

  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("group", { name: "Selection" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke 1 key" }).click();
  await expect(page.getByText("1 key revoked", { exact: true })).toBeVisible();
  expect(await apiStatus(baseURL, third.token)).toBe(401);
});

test("a page that shows an older state of the key is told so, and changes nothing", async ({
  page,
  partner,
  factories,
  signedInAs,
  context,
  db,
}) => {
  const { key } = await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: "Contested" });
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  const other = await context.newPage();
  await openApiKeys(other, partner.account);
  await chooseRowAction(other, "Contested", "Edit");
  await other.getByLabel("API version").selectOption("2024-06-30");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(rowOf(other, "Contested").getByText("2024-06-30")).toBeVisible();

  await chooseRowAction(page, "Contested", "Edit");
  await page.getByLabel("Name", { exact: true }).fill("Overwritten");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "“Contested” was changed meanwhile" })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Overwritten");
  expect(await db.apiKey.findUniqueOrThrow({ where: { id: key.id } })).toMatchObject({
    name: "Contested",
    apiVersion: "2024-06-30",
    revision: 2,
  });
});

test("two tabs in two accounts act each in its own", async ({ page, context, partner, factories, signedInAs, db }) => {
  const elsewhere = await factories.makePartnerWithPeople();
  await factories.makeMembership({ user: partner.owner, account: elsewhere.account, role: "administrator" });
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  const second = await context.newPage();
  await openApiKeys(second, elsewhere.account);
  for (const [tab, name] of [
    [page, "Here"],
    [second, "There"],
  ] as const) {
    await tab.getByRole("button", { name: "Add API Key" }).first().click();
    await tab.getByLabel("Name").fill(name);
  }
  for (const [tab, name] of [
    [page, "Here"],
    [second, "There"],
  ] as const) {
    await tab.getByRole("button", { name: "Save" }).click();
    await takeToken(tab, name);
  }
  const namesIn = async (accountId: number) =>
    (await db.apiKey.findMany({ where: { accountId } })).map(({ name }) => name);
  expect(await namesIn(partner.account.id)).toEqual(["Here"]);
  expect(await namesIn(elsewhere.account.id)).toEqual(["There"]);
});

test("by keyboard alone: open the menu, renew, and the focus comes back", async ({
  page,
  partner,
  factories,
  signedInAs,
}) => {
  await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    state: "expiring",
    name: "By keyboard",
  });
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  const opener = page.getByRole("button", { name: "More actions for By keyboard" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const item = (name: string) => page.getByRole("menuitem", { name });
  await expect(item("View details")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(item("Renew")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();

  // The first dialog of a page is still to be fetched: the page stays as it is meanwhile, and the focus in its place.
  await chooseRowAction(page, "By keyboard", "Edit");
  await expect(page.getByRole("dialog").getByLabel("Name")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(opener).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(item("View details")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  // The menu moves the focus a moment later than the key: whoever presses both sees that.
  await expect(item("Renew")).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog", { name: "Renew “By keyboard”?" });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(item("View details")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  // The menu moves the focus a moment later than the key: whoever presses both sees that.
  await expect(item("Renew")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(dialog.getByRole("button", { name: "Renew key" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("“By keyboard” renewed", { exact: true })).toBeVisible();
  await expect(opener).toBeFocused();
});

test("what cannot be fetched says so, and comes the next time", async ({
  page,
  partner,
  factories,
  signedInAs,
  noise,
}) => {
  await factories.makeApiKey({ account: partner.account, createdBy: partner.owner });
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await page.keyboard.press("Shift");
  await expect(page.getByRole("region", { name: /Notification/ })).toBeAttached();

  noise.foresee(/Failed to load resource/);
  await page.route("**/_next/static/chunks/**", (route) => route.abort());
  const said = page.getByText("This could not be opened", { exact: true });
  const aborted = page.waitForEvent("requestfailed");
  await page.getByRole("table").getByRole("time").first().hover();
  await aborted;
  await page.getByRole("button", { name: "Add API Key" }).first().click();
  // Once: that a hint on a time did not come is not worth a word.
  await expect(said).toHaveCount(1);

  await page.unroute("**/_next/static/chunks/**");
  await page.getByRole("button", { name: "Add API Key" }).first().click();
  await expect(page.getByRole("dialog", { name: "Add API Key" })).toBeVisible();
});
