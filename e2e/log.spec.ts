import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContext } from "@playwright/test";
import { Client } from "pg";

import { findRunningPostgres } from "@/lib/platform/database/embedded-postgres";
import { expect, test as base } from "./fixtures";
import { askForLink, confirmSignIn, followMailedLink } from "./outbox";
import { startOwnServer, type OwnServer } from "./own-server";

interface Started {
  readonly directory: string;
  readonly server: OwnServer;
}

const METRICS_TOKEN = "metrics-token-that-is-a-secret";

const test = base.extend<object, Started>({
  directory: [
    async ({ browserName: _ }, use) => {
      const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-log-"));
      await use(directory);
      rmSync(directory, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  server: [
    async ({ directory }, use) => {
      const server = await startOwnServer(directory, { LOG_LEVEL: "trace", METRICS_TOKEN });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.address),
});

async function cookieValues(context: BrowserContext): Promise<string[]> {
  return (await context.cookies()).map(({ value }) => value);
}

async function databaseOf(directory: string): Promise<Client> {
  const client = new Client({ connectionString: (await findRunningPostgres(directory)) ?? "" });
  await client.connect();
  return client;
}

const tokensIn = (text: string) => [...text.matchAll(/[?&]token=([\w-]{43})/g)].map(([, token = ""]) => token);

test("the log tells every request by its pattern and its id, and never a secret", async ({
  page,
  context,
  server,
  directory,
  baseURL,
  noise,
}) => {
  noise.foresee(/Failed to load resource: .* (401|404)/);
  const secrets = new Set<string>([METRICS_TOKEN]);
  await page.goto("/sign-in");
  await askForLink(page, "owner@northwind.example");
  await followMailedLink(page, "owner@northwind.example");
  secrets.add(new URL(page.url()).searchParams.get("token") ?? "");
  await confirmSignIn(page);
  await expect(page.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
  for (const value of await cookieValues(context)) secrets.add(value);

  // An invitation's link, a wrong one, and tokens where none belongs.
  const [, account = ""] = new URL(page.url()).pathname.split("/");
  await page.goto(`/${account}/members`);
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("E-mail address").fill("log@example.com");
  await page.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText("log@example.com invited", { exact: true })).toBeVisible();
  const database = await databaseOf(directory);
  await expect
    .poll(async () => (await database.query("SELECT text FROM outbox_mails WHERE \"to\" = 'log@example.com'")).rowCount)
    .toBe(1);
  const { rows } = await database.query<{ text: string }>("SELECT text FROM outbox_mails");
  for (const token of rows.flatMap(({ text }) => tokensIn(text))) secrets.add(token);
  await database.end();
  for (const token of [...secrets]) await page.goto(`/invitation?token=${token}`);
  const key = "fah_0123456789abcdefghijklmnopqrstuvwxyz";
  secrets.add(key);
  const send = (address: string, headers: Record<string, string> = {}) =>
    fetch(`${baseURL}${address}`, { headers, redirect: "manual" });
  await send("/api/v1/accounts", { authorization: `Token ${key}` });
  await send(`/api/v1/accounts?token=${key}`);
  await send(`/api/v1/${key}`);
  await send(`/${key}/api-keys?token=${key}`, { cookie: `other=${key}` });
  await send(`/sign-in?token=${key}`, { authorization: `Bearer ${key}`, "x-request-id": "a-request-of-the-log-test" });
  expect((await send("/metrics")).status).toBe(401);
  const metrics = await (await send("/metrics", { authorization: `Bearer ${METRICS_TOKEN}` })).text();
  expect(metrics).toContain('hub_request_seconds_count{of="page",route="/[accountToken]/members"');
  expect(metrics).toContain('hub_jobs_total{job="invitations.send",result="done"} 1');
  expect(metrics).toContain('hub_mails_total{result="taken"} 2');
  await page.goto("/sessions");
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();

  await expect.poll(() => server.output()).toContain('"a-request-of-the-log-test"');
  const log = server.output();
  const lines = log
    .split("\n")
    .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : []));
  const pages = lines.filter(({ msg }) => msg === "page");
  const routes = new Set(pages.map(({ route }) => route));
  for (const route of ["/sign-in", "/sign-in/link", "/invitation", "/[accountToken]/api-keys", "/sessions"])
    expect(routes).toContain(route);
  for (const line of pages) {
    expect(line).toMatchObject({
      method: expect.stringMatching(/^(GET|HEAD|POST)$/),
      status: expect.any(Number),
      durationMs: expect.any(Number),
      requestId: expect.stringMatching(/^[\w.-]+$/),
    });
  }
  expect(secrets.size).toBeGreaterThanOrEqual(5);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(10);
    expect(metrics).not.toContain(secret);
    for (const spelled of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").slice(0, -4)])
      expect(log.includes(spelled), spelled.slice(0, 6)).toBe(false);
  }
  expect(log).not.toContain("?token=");
});
