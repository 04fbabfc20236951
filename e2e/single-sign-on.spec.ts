import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";

import { findRunningPostgres } from "@/lib/platform/database/embedded-postgres";
import { openCreateDialog } from "./api-keys-page";
import { expect, expectAccessible, test as base } from "./fixtures";
import { CLIENT, startLocalProvider, type LocalProvider } from "./oidc-provider";
import { freePort, startOwnServer, type OwnServer } from "./own-server";

const OWNER = "owner@northwind.example";

const test = base.extend<
  object,
  { readonly provider: LocalProvider; readonly directory: string; readonly server: OwnServer; readonly port: number }
>({
  port: [async ({ browserName: _ }, use) => use(await freePort()), { scope: "worker" }],
  provider: [
    async ({ port }, use) => {
      const provider = await startLocalProvider(`http://localhost:${port}`);
      await use(provider);
      await provider.close();
    },
    { scope: "worker" },
  ],
  directory: [
    async ({ browserName: _ }, use) => {
      const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-sso-"));
      await use(directory);
      rmSync(directory, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  server: [
    async ({ directory, provider, port }, use) => {
      const server = await startOwnServer(directory, {
        PORT: String(port),
        APP_URL: `http://localhost:${port}`,
        LOG_LEVEL: "trace",
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: CLIENT.id,
        OIDC_CLIENT_SECRET: CLIENT.secret,
        OIDC_NAME: "Test provider",
      });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ port, server: _ }, use) => use(`http://localhost:${port}`),
});

test("a real provider, a real browser, our content security policy: signed in, signed in anew, and never signed up", async ({
  page,
  context,
  provider,
  server,
  directory,
  baseURL,
}) => {
  provider.people.set("olivia", { email: OWNER, email_verified: true, name: "Olivia" });
  provider.people.set("mallory", { email: OWNER, email_verified: false });
  const seen: string[] = [];
  context.on("request", (request) => seen.push(request.url()));

  // The page of another person's unverified address first: refused, in words.
  await page.goto("/sign-in?next=/api-keys");
  await expectAccessible(page);
  const link = page.getByRole("link", { name: "Sign in with Test provider" });
  await link.click();
  await page.getByLabel("Subject").fill("mallory");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(
    page.getByText("Your provider knows you, but nobody here has the address that it confirmed"),
  ).toBeVisible();
  expect(await context.cookies(baseURL)).not.toContainEqual(
    expect.objectContaining({ name: "fleet-advisor-hub.session" }),
  );

  await context.clearCookies();
  await page.goto("/sign-in?next=/api-keys");
  await link.click();
  await expect(page).toHaveURL(new RegExp(`^${provider.issuer}/interaction/`));
  await page.getByLabel("Subject").fill("olivia");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/[0-9a-f]{10}\/api-keys/);

  // Old enough to need a fresh one: the panel offers it too, in a new tab, and what was typed stays.
  const database = new Client({ connectionString: (await findRunningPostgres(directory)) ?? "" });
  await database.connect();
  await database.query("UPDATE sessions SET signed_in_at = signed_in_at - interval '20 minutes'");
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("By single sign-on");
  await dialog.getByRole("button", { name: "Save" }).click();
  provider.asked.splice(0);
  const [tab] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("link", { name: /Sign in with Test provider/ }).click(),
  ]);
  await tab.getByLabel("Subject").fill("olivia");
  await tab.getByRole("button", { name: "Log in" }).click();
  await expect(tab.getByRole("dialog").getByLabel("Name")).toHaveValue("By single sign-on");
  expect(provider.asked[0]).toMatchObject({ step: "login", prompt: "login" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("You will not see this token again.")).toBeVisible();
  const { rows } = await database.query<{ sessions: number; links: number; users: number }>(
    `SELECT (SELECT count(*)::int FROM sessions) AS sessions, (SELECT count(*)::int FROM identity_links) AS links,
       (SELECT count(*)::int FROM users WHERE name = 'Olivia') AS users`,
  );
  await database.end();
  expect(rows).toEqual([{ sessions: 1, links: 1, users: 0 }]);

  // Whatever was secret on the way is in no line of the log.
  const secrets = new Set([CLIENT.secret, ...(await context.cookies(baseURL)).map(({ value }) => value)]);
  for (const address of seen) {
    const { searchParams } = new URL(address);
    for (const name of ["code", "state", "nonce", "code_challenge"])
      secrets.add(searchParams.get(name) ?? CLIENT.secret);
  }
  expect(secrets.size).toBeGreaterThan(5);
  for (const secret of secrets) expect(server.output()).not.toContain(secret);
  expect(server.output()).toContain('"route":"/api/auth/[...nextauth]"');
});
