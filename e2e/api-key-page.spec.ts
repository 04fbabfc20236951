import { openApiKeys, openRowMenu, rowOf, takeToken } from "./api-keys-page";
import { expect, test } from "./fixtures";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a key's own page holds its facts, its use and its history", async ({ page, partner, factories, signedInAs }) => {
  const { key } = await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    name: "Insurance pilot",
    scopes: ["vehicles.read", "contacts.read"],
    customers: [partner.customers[0]],
    allowedIps: ["198.51.100.0/24"],
    lastUse: { at: new Date(Date.now() - 2 * 86_400_000), ip: "198.51.100.9", client: "Ruby/3.3.4" },
  });
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
  await (await openRowMenu(page, "Insurance pilot")).getByRole("menuitem", { name: "View details" }).click();
  await expect(page).toHaveURL(`/${partner.account.token}/api-keys/${key.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Insurance pilot");
  const facts = page.getByRole("region", { name: "Facts" });
  for (const fact of [
    "Active",
    "contacts.read",
    partner.customers[0].name,
    "198.51.100.0/24",
    "2025-05-05",
    `by ${partner.owner.name}`,
  ]) {
    await expect(facts).toContainText(fact);
  }
  const use = page.getByRole("region", { name: "Use" });
  for (const fact of ["2 days ago", "198.51.100.9", "Ruby/3.3.4"]) await expect(use).toContainText(fact);

  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Insurance");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Insurance");
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByRole("listitem").first()).toContainText(partner.administrator.name);
  await expect(history.getByRole("listitem").first()).toContainText("Insurance pilot → Insurance");

  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(facts).toContainText(`revoked by ${partner.administrator.name}`);
  await expect(page.getByRole("button", { name: /^(Renew|Edit|Regenerate|Revoke)$/ })).toHaveCount(0);
  await page.getByRole("link", { name: "← API Keys" }).click();
  await expect(rowOf(page, "Insurance").getByText("Revoked", { exact: true })).toBeVisible();
});

test("everything can be done on the key's own page too", async ({ page, partner, factories, signedInAs }) => {
  const { key } = await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    state: "expiring",
    name: "On its page",
  });
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/api-keys/${key.id}`);
  await page.getByRole("button", { name: "Renew" }).click();
  await page.getByRole("button", { name: "Renew key" }).click();
  await expect(page.getByText("“On its page” renewed", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("Active");
  await page.getByRole("button", { name: "Regenerate" }).click();
  await page.getByRole("radio", { name: "7 days" }).check();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const token = await takeToken(page, "On its page");
  await expect(page.getByRole("region", { name: "Use" })).toContainText("works until");
  await expect(page.getByText(`${token.slice(0, 10)}…${token.slice(-4)}`)).toBeVisible();
});

test("a creator who left is said", async ({ page, partner, factories, signedInAs }) => {
  const gone = await factories.makeUser({ name: "Daniel Ortiz" });
  const { key } = await factories.makeApiKey({ account: partner.account, createdBy: gone, name: "Planner" });
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await expect(rowOf(page, "Planner")).toContainText("left the account");
  await page.goto(`/${partner.account.token}/api-keys/${key.id}`);
  await expect(page.getByText("Daniel Ortiz left the account.")).toBeVisible();
});

test("a member sees the keys and no way to change one", async ({ page, partner, factories, signedInAs }) => {
  const { key } = await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: "Seen only" });
  await signedInAs("member");
  await openApiKeys(page, partner.account);
  await expect(rowOf(page, "Seen only")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add API Key" })).toHaveCount(0);
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await expect((await openRowMenu(page, "Seen only")).getByRole("menuitem")).toHaveText(["View details"]);
  await page.getByRole("menuitem", { name: "View details" }).click();
  await expect(page).toHaveURL(`/${partner.account.token}/api-keys/${key.id}`);
  await expect(page.getByRole("region", { name: "Facts" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "History" })).toHaveCount(0);
});

test("an administrator with chosen customers is shown no key that reaches further", async ({
  page,
  noise,
  partner,
  factories,
  signedInAs,
}) => {
  const { key } = await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    name: "Reaches all",
  });
  await factories.makeApiKey({
    account: partner.account,
    createdBy: partner.owner,
    name: "Reaches his",
    customers: [partner.customers[0]],
  });
  await signedInAs("limited");
  await openApiKeys(page, partner.account);
  await expect(page.getByRole("row", { name: /Reaches/ })).toHaveCount(1);
  await expect((await openRowMenu(page, "Reaches his")).getByRole("menuitem")).toHaveCount(5);
  await page.keyboard.press("Escape");
  noise.foresee(/Failed to load resource: .* 404/);
  expect((await page.goto(`/${partner.account.token}/api-keys/${key.id}`))?.status()).toBe(404);
});
