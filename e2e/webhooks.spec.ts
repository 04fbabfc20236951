import type { Locator, Page } from "@playwright/test";

import { expect, expectAccessible, NOT_FOUND_LINE, sessionCookie, test, useTheme } from "./fixtures";

const open = (page: Page, account: { token: string }, query = "") => page.goto(`/${account.token}/webhooks${query}`);
const row = (page: Page, url: string) => page.getByRole("row").filter({ hasText: url });

async function choose(page: Page, url: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `More actions for ${url}` }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

async function secretOf(dialog: Locator): Promise<string> {
  const secret = (await dialog.getByRole("group", { name: "Secret" }).textContent()) ?? "";
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  return secret;
}

const URL = "https://receiver.example.com/hooks";

test("an owner adds a webhook, is told its secret, edits, disables, enables and deletes it", async ({
  page,
  partner,
  signedInAs,
  db,
}) => {
  await signedInAs("owner");
  await open(page, partner.account);
  await expect(page.getByRole("heading", { name: "No webhooks yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add Webhook" }).click();
  const dialog = page.getByRole("dialog", { name: "Add Webhook" });
  await dialog.getByLabel("URL").fill("https://10.0.0.1/");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("Choose at least one event, or all of them.");
  await expectAccessible(page);
  await dialog.getByRole("checkbox", { name: "api_key_revoked" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("Use an address on the public internet");
  await dialog.getByLabel("URL").fill(URL);
  await dialog.getByLabel("Description").fill("Key cabinet");
  await dialog.getByRole("button", { name: "Save" }).click();

  const ready = page.getByRole("dialog", { name: "The webhook is ready" });
  const secret = await secretOf(ready);
  await expectAccessible(page);
  await ready.getByRole("button", { name: "Done" }).click();
  await expect(row(page, URL)).toContainText("Key cabinet");
  await expect(row(page, URL)).toContainText("Enabled");
  await expect(row(page, URL)).toContainText("api_key_revoked");
  expect(await page.content()).not.toContain(secret.slice("whsec_".length));
  await expectAccessible(page);

  await choose(page, URL, "Edit");
  const edit = page.getByRole("dialog", { name: "Edit webhook" });
  await edit.getByRole("radio", { name: /All events/ }).check();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit).toBeHidden();
  await expect(row(page, URL).getByRole("cell", { name: /All$/ })).toBeVisible();

  await choose(page, URL, "Disable");
  const confirm = page.getByRole("alertdialog");
  await expect(confirm).toContainText("what happens meanwhile is not sent later");
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Disable webhook" }).click();
  await expect(row(page, URL)).toContainText("Disabled");
  await choose(page, URL, "Enable");
  await confirm.getByRole("button", { name: "Enable webhook" }).click();
  await expect(row(page, URL)).toContainText("Enabled");
  await choose(page, URL, "Delete");
  await confirm.getByRole("button", { name: "Delete webhook" }).click();
  await expect(page.getByRole("heading", { name: "No webhooks yet" })).toBeVisible();
  expect(await db.webhook.count({ where: { accountId: partner.account.id, deletedAt: null } })).toBe(0);
});

test("a secret is shown after a fresh sign-in alone, and straight back where one was", async ({
  page,
  partner,
  signedInAs,
  factories,
  context,
  baseURL,
}) => {
  const { makeWebhook } = await import("@/prisma/factories/webhooks");
  const { webhook, secret } = await makeWebhook({ account: partner.account, url: URL });
  await signedInAs("administrator", { signedInMinutesAgo: 20 });
  await open(page, partner.account);
  await choose(page, URL, "View Secret");
  const ask = page.getByRole("dialog", { name: "View the secret?" });
  await ask.getByRole("button", { name: "View secret" }).click();
  await expect(ask).toContainText("within 15 minutes of a sign-in");
  await expectAccessible(page);
  const fresh = await factories.makeSession(partner.administrator);
  await context.addCookies([sessionCookie(baseURL ?? "", fresh)]);
  await open(page, partner.account, `?resume=viewSecret&id=${webhook.id}`);
  await ask.getByRole("button", { name: "View secret" }).click();
  const shown = page.getByRole("dialog", { name: "The secret" });
  expect(await secretOf(shown)).toBe(secret);
  await shown.getByRole("button", { name: "Done" }).click();
  await choose(page, URL, "Rotate Secret");
  await page.getByRole("dialog", { name: "Rotate the secret?" }).getByRole("button", { name: "Rotate secret" }).click();
  const rotated = page.getByRole("dialog", { name: "The new secret" });
  expect(await secretOf(rotated)).not.toBe(secret);
  await expect(rotated).toContainText("The old secret signs as well until");
});

test("a member is led nowhere near, and a narrow dark page stays whole", async ({
  page,
  partner,
  signedInAs,
  pageOf,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const { makeWebhook } = await import("@/prisma/factories/webhooks");
  await makeWebhook({ account: partner.account, url: `${URL}/${"long".repeat(40)}`, disabledAt: new Date() });
  await page.setViewportSize({ width: 360, height: 740 });
  await signedInAs("owner");
  await useTheme(page, "dark");
  await open(page, partner.account);
  await expect(page.getByRole("table", { name: "Webhooks" })).toContainText("Disabled");
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const other = await pageOf("member");
  const answer = await other.goto(`/${partner.account.token}/webhooks`);
  expect(answer?.status()).toBe(404);
  await expect(other.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Webhooks" })).toHaveCount(0);
  await expect(other.getByRole("table", { name: "Webhooks" })).toHaveCount(0);
});
