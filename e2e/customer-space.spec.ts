import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { request } from "undici";

import { openApiKeys, untilAwake } from "./api-keys-page";
import { expect, expectAccessible, NOT_FOUND_LINE, test } from "./fixtures";

const run = promisify(execFile);
/** How each snippet is run once it stands in a file or a shell; the key is in the environment. */
const INTERPRETERS = {
  curl: { program: "sh", option: "-c" },
  JavaScript: { program: process.execPath, option: "-e" },
  Python: { program: "python3", option: "-c" },
  Ruby: { program: "ruby", option: "-e" },
};

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await untilAwake(page);
}

/** What the real API answers to a key. */
async function ask(key: { token: string; accountToken: string }, path: string, method: "GET" | "DELETE" = "GET") {
  const headers = { authorization: `Token ${key.token}`, "account-token": key.accountToken };
  const answer = await request(`${process.env.APP_URL}/api/v1/${path}`, { method, headers });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    code: text === "" ? null : ((JSON.parse(text) as { code?: string }).code ?? null),
  };
}

test("beneath the keys stand account tokens, a request that runs in four languages, and Try it, which keeps nothing", async ({
  page,
  factories,
  signedInAs,
  noise,
}) => {
  noise.foresee(/Failed to load resource: .* 40[13]/);
  const { makeVehicle } = await import("@/prisma/factories/vehicles");
  const { account, owner } = await factories.makeAccountWithPeople();
  const vehicle = await makeVehicle({ account, name: `Van ${account.token}` });
  const { token } = await factories.makeApiKey({ account, createdBy: owner });
  const { token: blind } = await factories.makeApiKey({ account, createdBy: owner, scopes: ["contacts.read"] });
  await signedInAs(owner);
  await openApiKeys(page, account);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Manage API Keys");
  await expect(page.getByRole("columnheader", { name: "Label" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Account Tokens" })).toContainText(account.token);

  const snippet = page.getByRole("region", { name: "Request snippet" });
  await expect(snippet.getByRole("group", { name: "Shell" })).toHaveText(/^export FLEET_API_KEY=/);
  for (const [language, { program, option }] of Object.entries(INTERPRETERS)) {
    await snippet.getByRole("tab", { name: language }).click();
    const code = (await snippet.getByRole("group", { name: language }).textContent()) ?? "";
    expect(code).toContain(account.token);
    const { stdout } = await run(program, [option, code], { env: { ...process.env, FLEET_API_KEY: token } });
    expect(stdout, language).toContain(vehicle.name);
  }

  const tried = page.getByRole("region", { name: "Try it" });
  const send = async (typed: string) => {
    await tried.getByLabel("Token").fill(typed);
    await tried.getByRole("button", { name: "Send request" }).click();
  };
  await send("fah_short");
  await expect(tried.getByText("This is no whole token")).toBeVisible();
  await send(`fah_${"A".repeat(36)}`);
  await expect(tried.getByRole("status")).toContainText("401 Unauthorized There is no such API key");
  await send(blind);
  await expect(tried.getByRole("status")).toContainText("403 Forbidden This needs a key with the scope vehicles.read");
  await send(token);
  await expect(tried.getByRole("status")).toContainText("200 OK This key works for this account.");
  await expect(tried.getByRole("group", { name: "Answer" })).toContainText(vehicle.name);
  await expectAccessible(page);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  for (const place of [kept, page.url(), await page.content()]) expect(place).not.toContain(token);
  await page.reload();
  await expect(tried.getByLabel("Token")).toHaveValue("");
});

test("on a starter plan the page explains and the API refuses, until the owner changes the plan", async ({
  page,
  pageOf,
  factories,
  signedInAs,
}) => {
  const { account, owner, administrator, member } = await factories.makeAccountWithPeople({ plan: "starter" });
  const { token } = await factories.makeApiKey({ account, createdBy: owner });
  const key = { token, accountToken: account.token };
  expect(await ask(key, "vehicles")).toEqual({ status: 403, code: "plan_required" });
  for (const person of [administrator, member]) {
    const theirs = await pageOf(person);
    await openApiKeys(theirs, account);
    await expect(theirs.getByText("Ask an owner of this account to change it.")).toBeVisible();
    await open(theirs, `/${account.token}/settings`);
    await expect(theirs.getByRole("button", { name: "Change plan" })).toHaveCount(0);
  }
  await signedInAs(owner);
  await openApiKeys(page, account);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Change the plan" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Change plan" }).click();
  const dialog = page.getByRole("dialog", { name: `Change the plan of ${account.name}` });
  await dialog.getByRole("radio", { name: /^Premium/ }).check();
  await dialog.getByRole("button", { name: "Change plan" }).click();
  await expect(dialog).toBeHidden();
  expect((await ask(key, "vehicles")).status).toBe(200);
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("Premium");
  await openApiKeys(page, account);
  await expect(page.getByText("The starter plan has no API access")).toHaveCount(0);
});

test("a key acts as its user at that moment: demoted less, removed nothing", async ({
  page,
  factories,
  signedInAs,
}) => {
  const { makeVehicle } = await import("@/prisma/factories/vehicles");
  const { account, owner, administrator } = await factories.makeAccountWithPeople();
  const vehicles = [await makeVehicle({ account }), await makeVehicle({ account })] as const;
  const scopes = ["vehicles.read", "vehicles.write"];
  const { token } = await factories.makeApiKey({ account, createdBy: administrator, scopes });
  const key = { token, accountToken: account.token };
  expect((await ask(key, `vehicles/${vehicles[0].id}`, "DELETE")).status).toBeLessThan(300);

  await signedInAs(owner);
  await open(page, `/${account.token}/members`);
  const choose = async (action: string) => {
    await page.getByRole("button", { name: `More actions for ${administrator.name}` }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await choose("Change role");
  const dialog = page.getByRole("dialog", { name: `Change ${administrator.name}’s role` });
  await expect(dialog).toContainText("The fleet without deleting");
  await dialog.getByRole("radio", { name: /^Member/ }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const deletion = await ask(key, `vehicles/${vehicles[1].id}`, "DELETE");
  expect(deletion).toEqual({ status: 403, code: "insufficient_scope" });
  expect((await ask(key, `vehicles/${vehicles[1].id}`)).status).toBe(200);

  await choose("Remove");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove member" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(page.getByRole("button", { name: `More actions for ${administrator.name}` })).toHaveCount(0);
  expect(await ask(key, "vehicles")).toEqual({ status: 401, code: "key_revoked" });
});

test("somebody in many accounts searches them by keyboard; a member is led only to what he may open", async ({
  page,
  factories,
  signedInAs,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const { account, member } = await factories.makeAccountWithPeople();
  for (let index = 0; index < 9; index++) {
    const name = `Depot ${index} of ${account.token}`;
    await factories.makeMembership({ user: member, account: await factories.makeAccount({ name }), role: "owner" });
  }
  await signedInAs(member);
  await openApiKeys(page, account);
  const nav = page.getByRole("navigation", { name: "Settings" });
  await expect(nav.getByRole("link")).toContainText(["Back to the account", "Account", "Manage API Keys", "Members"]);
  await expect(nav.getByRole("link", { name: "Audit log" })).toHaveCount(0);
  for (const path of ["audit-log", "customers"])
    expect((await page.goto(`/${account.token}/${path}`))?.status()).toBe(404);
  await openApiKeys(page, account);

  await page.getByRole("button", { name: /^Account:/ }).press("Enter");
  const accounts = page.getByRole("dialog", { name: "Accounts" });
  await expect(accounts.getByRole("listitem")).toHaveCount(10);
  await expect(accounts.getByRole("link", { name: account.name })).toContainText("Customer · Member");
  await expectAccessible(page);
  await accounts.getByLabel("Search accounts").fill("depot 7");
  await expect(accounts.getByRole("listitem")).toHaveText([/^Depot 7 .*Customer · Owner/]);
  await expect(accounts.getByRole("status")).toHaveText("1 account");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Account: Depot 7/ })).toBeVisible();
  await page.getByRole("button", { name: /^Account:/ }).click();
  await accounts.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
});

test("the dashboard says how the fleet stands, and leads on; the audit log to whoever may read it", async ({
  page,
  pageOf,
  factories,
  signedInAs,
}) => {
  const { makeVehicle } = await import("@/prisma/factories/vehicles");
  const { account, owner, member } = await factories.makeAccountWithPeople();
  await signedInAs(owner);
  await page.goto("/");
  await expect(page).toHaveURL(`/${account.token}/dashboard`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Dashboard");
  await expect(page.getByText("No vehicles yet.")).toBeVisible();
  await expect(page.getByText("No key expires soon")).toBeVisible();
  await expect(page.getByText("No webhook fails")).toBeVisible();
  await expectAccessible(page);
  await makeVehicle({ account });
  await makeVehicle({ account });
  const { key } = await factories.makeApiKey({ account, createdBy: owner, state: "expiring", name: "Ends soon" });
  await page.reload();
  await expect(page.getByRole("region", { name: "Vehicles by status" }).getByRole("listitem")).toHaveText([/2$/]);
  await page.getByRole("link", { name: "Ends soon" }).click();
  await expect(page).toHaveURL(`/${account.token}/api-keys/${key.id}`);
  const theirs = await pageOf(member);
  await open(theirs, `/${account.token}/dashboard`);
  await expect(theirs.getByRole("region", { name: "API keys expiring soon" })).toContainText("Ends soon");
  for (const name of ["Failing webhooks", "Recent audit entries"])
    await expect(theirs.getByRole("region", { name })).toHaveCount(0);
});

test("a customer's keys and account read well on a phone @phone", async ({ page, factories, signedInAs }) => {
  const { account, owner } = await factories.makeAccountWithPeople({ plan: "starter" });
  await factories.makeApiKey({ account, createdBy: owner });
  await signedInAs(owner);
  for (const path of ["dashboard", "api-keys", "settings"]) {
    await open(page, `/${account.token}/${path}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(page);
  }
});
