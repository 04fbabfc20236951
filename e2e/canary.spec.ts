import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContext, Request, Response } from "@playwright/test";
import { Client } from "pg";

import { findRunningPostgres } from "@/lib/platform/database/embedded-postgres";
import { chooseRowAction, openCreateDialog, rowOf, takeToken } from "./api-keys-page";
import { expect, test as base } from "./fixtures";
import { askForLink, confirmSignIn, followMailedLink } from "./outbox";
import { startOwnServer, type OwnServer } from "./own-server";

interface Kept {
  readonly url: string;
  readonly cacheControl: string;
  readonly text: string;
}

function isAction(request: Request): boolean {
  return request.method() === "POST" && request.headers()["next-action"] !== undefined;
}

/** Every answer that the browser gets, whole. */
async function recordAnswers(context: BrowserContext): Promise<{ readonly all: () => Promise<Kept[]> }> {
  const answers: Promise<Kept>[] = [];
  // An action's answer is read on its way: of a streamed one the browser may keep nothing to ask for afterwards.
  await context.route("**/*", async (route) => {
    if (!isAction(route.request())) return route.fallback();
    const response = await route.fetch({ maxRedirects: 0 });
    const [headers, body] = [response.headers(), await response.body()];
    const text = `${JSON.stringify(headers)}\n${body.toString()}`;
    answers.push(Promise.resolve({ url: response.url(), cacheControl: headers["cache-control"] ?? "", text }));
    await route.fulfill({ response, body });
  });
  const keep = async (response: Response): Promise<Kept> => {
    const headers = await response.allHeaders();
    // A redirect has no body.
    const body = await response.body().catch(() => Buffer.alloc(0));
    return {
      url: response.url(),
      cacheControl: headers["cache-control"] ?? "",
      text: `${JSON.stringify(headers)}\n${body.toString()}`,
    };
  };
  context.on("response", (response) => {
    if (!isAction(response.request())) answers.push(keep(response));
  });
  return { all: () => Promise.all(answers) };
}

/** Every row of every table, as PostgreSQL writes it down. */
async function dump(url: string): Promise<{ readonly table: string; readonly rows: string }[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const dumped = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    dumped.push({ table: name, rows: rows.map(({ text }) => text).join("\n") });
  }
  await client.end();
  return dumped;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

const test = base.extend<object, { readonly directory: string; readonly server: OwnServer }>({
  directory: [
    async ({ browserName: _ }, use) => {
      const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-canary-"));
      await use(directory);
      rmSync(directory, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  server: [
    async ({ directory }, use) => {
      const server = await startOwnServer(directory, { LOG_LEVEL: "trace" });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.address),
});

test.use({ permissions: ["clipboard-read", "clipboard-write"] });
// It starts a server of its own.
test.describe.configure({ timeout: 180_000 });

test("a token is in the one answer that shows it, and nowhere else", async ({
  page,
  context,
  server,
  directory,
  baseURL,
}) => {
  const answers = await recordAnswers(context);
  await page.goto("/sign-in");
  await askForLink(page, "owner@northwind.example");
  await followMailedLink(page, "owner@northwind.example");
  await confirmSignIn(page);

  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("Canary");
  await dialog.getByRole("button", { name: "Save" }).click();
  const created = await takeToken(page, "Canary");
  await chooseRowAction(page, "Canary", "Regenerate");
  await page.getByRole("radio", { name: "1 hour" }).check();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const regenerated = await takeToken(page, "Canary");
  const tokens = [created, regenerated];
  // Used, mistyped, and revoked: whatever the log and the tables keep of a request is there.
  for (const token of [...tokens, `${created.slice(0, -1)}_`]) {
    await (await fetch(`${baseURL}/api/v1/accounts`, { headers: { authorization: `Token ${token}` } })).text();
  }
  for (const typed of tokens) await page.getByRole("searchbox").fill(typed);
  await expect(page).toHaveURL(/q=fah_/);
  await page.getByRole("searchbox").fill("Canary");
  await expect(page.getByRole("rowheader")).toHaveCount(1);
  await page.reload();
  await rowOf(page, "Canary").getByRole("link", { name: "Canary" }).click();
  await expect(page.getByRole("region", { name: "History" })).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("Revoked");
  for (const place of ["/account-tokens", "/outbox", "/api-keys"]) await page.goto(place);
  await expect(rowOf(page, "Canary")).toBeVisible();

  const kept = await answers.all();
  const tables = await dump((await findRunningPostgres(directory)) ?? "");
  expect(tables.length).toBeGreaterThan(15);
  expect(tables.find(({ table }) => table === "public.audit_entries")?.rows).toContain("Canary");
  expect(server.output()).toContain('"route":"/accounts"');
  const bundle = [...filesBelow(".next/static"), ...filesBelow(".next/server")];
  for (const token of tokens) {
    const holding = kept.filter(({ text }) => text.includes(token));
    expect(holding.map(({ cacheControl }) => cacheControl)).toEqual([expect.stringContaining("no-store")]);
    expect(kept.filter(({ url }) => url.includes(token))).toEqual([]);
    for (const secret of [
      token,
      token.slice(10),
      Buffer.from(token).toString("hex"),
      Buffer.from(token).toString("base64").slice(0, -4),
    ]) {
      expect(tables.filter(({ rows }) => rows.includes(secret)).map(({ table }) => table)).toEqual([]);
      expect(server.output()).not.toContain(secret);
    }
    expect(bundle.filter((file) => readFileSync(file).includes(token))).toEqual([]);
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])),
    ).not.toContain(token);
  }
});
