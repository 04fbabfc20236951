import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";

import type { Account, Webhook } from "@/generated/prisma/client";
import { expect, expectAccessible, NOT_FOUND_LINE, test as base, useTheme } from "./fixtures";

interface Receiver {
  readonly url: string;
  /** What it answers from now on; by a 503 it asks for an hour, so that no retry comes between. */
  answer: 200 | 503;
  readonly taken: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
}

/** A receiver of the test's own, on this machine. */
const test = base.extend<{ receiver: Receiver }>({
  receiver: async ({ browserName: _ }, use) => {
    const taken: { headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        taken.push({ headers: request.headers, body });
        response.writeHead(receiver.answer, receiver.answer === 503 ? { "retry-after": "3600" } : {});
        response.end(receiver.answer === 503 ? "<b>closed</b>" : '{"taken":true}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
    const receiver: Receiver = { url, answer: 200, taken };
    await use(receiver);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

const webhooks = () => import("@/prisma/factories/webhooks");
const open = (page: Page, account: Pick<Account, "token">, webhook: Pick<Webhook, "id">) =>
  page.goto(`/${account.token}/webhooks/${webhook.id}`);
const table = (page: Page) => page.getByRole("table", { name: "Deliveries" });

async function sendTest(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send Test Event" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Send test event" }).click();
  await expect(page.getByText("Test event on its way", { exact: true })).toBeVisible();
}

test("a test event arrives, and the page shows it by itself, with all that went to and fro", async ({
  page,
  customer,
  signedInAs,
  receiver,
  factories: _,
}) => {
  const { webhook } = await (
    await webhooks()
  ).makeWebhook({ account: customer.account, url: receiver.url, description: "Key cabinet", authorization: "canary" });
  await signedInAs(customer.owner);
  await page.goto(`/${customer.account.token}/webhooks`);
  await page.getByRole("link", { name: receiver.url }).click();
  await expect(page.getByRole("heading", { name: "Key cabinet" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "No deliveries yet" })).toBeVisible();
  await expectAccessible(page);
  await sendTest(page);
  const row = table(page).getByRole("row").filter({ hasText: "vehicle_created" });
  await expect(row).toContainText("Delivered");
  await expect(row).toContainText("HTTP 200");
  await expectAccessible(page);

  await row.getByRole("link", { name: "vehicle_created" }).click();
  await expect(page).toHaveURL(new RegExp(`/webhooks/${webhook.id}/deliveries/\\d+$`));
  const [taken] = receiver.taken;
  await expect(page.getByText(String(taken?.headers["webhook-id"])).first()).toBeVisible();
  await expect(page.getByRole("group", { name: "Request body" })).toContainText('"test": true');
  await expect(page.getByRole("group", { name: "Response body of attempt 1" })).toContainText('"taken": true');
  expect([taken?.headers.authorization, receiver.taken.length]).toEqual(["canary", 1]);
  expect(await page.content()).not.toContain("canary");
  await expectAccessible(page);
});

test("a receiver that was down gets it when somebody redelivers, by the same webhook-id", async ({
  page,
  customer,
  signedInAs,
  receiver,
  factories: _,
  db,
}) => {
  const { makeWebhook, makeWebhookEvent } = await webhooks();
  const { webhook } = await makeWebhook({ account: customer.account, url: receiver.url });
  receiver.answer = 503;
  await signedInAs(customer.administrator);
  await open(page, customer.account, webhook);
  await sendTest(page);
  const row = table(page).getByRole("row").filter({ hasText: "HTTP 503" });
  await expect(row).toContainText("Pending");
  await expect(page.getByText("Nothing has arrived since then")).toBeVisible();
  await expectAccessible(page);

  receiver.answer = 200;
  await row.getByRole("button", { name: /^More actions for vehicle_created/ }).click();
  await page.getByRole("menuitem", { name: "Redeliver" }).click();
  const ask = page.getByRole("alertdialog", { name: "Redeliver vehicle_created?" });
  await expect(ask).toContainText("with the same webhook-id");
  await expectAccessible(page);
  await ask.getByRole("button", { name: "Redeliver" }).click();
  await expect(table(page)).toContainText("Delivered");
  expect(receiver.taken.map(({ headers }) => headers["webhook-id"])).toEqual(
    Array<unknown>(2).fill(receiver.taken[0]?.headers["webhook-id"]),
  );

  for (const status of ["failed", "canceled"] as const) await makeWebhookEvent({ webhook, status, attempts: 3 });
  await page.getByRole("button", { name: "Redeliver failed" }).click();
  const dialog = page.getByRole("dialog", { name: "Redeliver what failed" });
  await expect(dialog).toContainText("2 deliveries will be sent again at once.");
  await expectAccessible(page);
  await dialog.getByLabel("Events that happened").selectOption("Since a time of your choice");
  await dialog.getByLabel("Since").fill("2199-01-01T00:00");
  await expect(dialog).toContainText("Nothing failed since then");
  await dialog.getByLabel("Since").fill("2026-01-01T00:00");
  await expect(dialog).toContainText("2 deliveries will be sent again at once.");
  await dialog.getByRole("button", { name: "Redeliver" }).click();
  await expect(page.getByText("2 deliveries on the way again", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Delivered ?3/ })).toBeVisible();
  expect(receiver.taken).toHaveLength(4);
  const audited = { accountId: customer.account.id, action: "webhook.redelivered" };
  expect(await db.auditEntry.count({ where: audited })).toBe(2);
});

test("filters stand in the address; neither a member nor another account finds the page", async ({
  page,
  partner,
  customer,
  signedInAs,
  pageOf,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const { makeWebhook, makeWebhookEvent } = await webhooks();
  const { webhook } = await makeWebhook({ account: partner.account });
  const { webhook: foreign } = await makeWebhook({ account: customer.account });
  await makeWebhookEvent({ webhook, status: "failed", event: "api_key_revoked" });
  await makeWebhookEvent({ webhook, status: "delivered", event: "api_key_created" });
  await signedInAs("owner");
  await open(page, partner.account, webhook);
  await page.getByRole("link", { name: /^Failed/ }).click();
  await expect(page).toHaveURL(/\?status=failed$/);
  await expect(table(page).getByRole("row").filter({ hasText: "api_key_" })).toHaveCount(1);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("radio", { name: "api_key_created" }).check();
  await expect(page.getByRole("heading", { name: "No delivery matches" })).toBeVisible();
  await page.goBack();
  await expect(table(page)).toContainText("api_key_revoked");

  for (const address of [`webhooks/${foreign.id}`, "webhooks/2147483647", "webhooks/nonsense"])
    expect((await page.goto(`/${partner.account.token}/${address}`))?.status()).toBe(404);
  const other = await pageOf("member");
  const refused = await open(other, partner.account, webhook);
  await expect(other.getByRole("table", { name: "Deliveries" })).toHaveCount(0);
  expect(await other.content()).not.toContain(webhook.url);
  expect(refused?.status()).toBe(404);
});

test("on a narrow dark page all of it can be read @phone", async ({ page, customer, signedInAs, factories: _, db }) => {
  const { makeWebhook, makeWebhookEvent } = await webhooks();
  const url = `https://receiver.example.com/${"long".repeat(40)}`;
  const { webhook } = await makeWebhook({ account: customer.account, url, disabledAt: new Date() });
  const delivery = await makeWebhookEvent({ webhook, status: "canceled", attempts: 1, lastSentAt: new Date() });
  await db.webhookAttempt.create({
    data: {
      webhookEventId: delivery.id,
      sentAt: new Date(),
      durationMs: 1234,
      requestHeaders: { "webhook-id": delivery.messageId },
      responseStatus: 500,
      responseHeaders: { server: "x".repeat(300) },
      responseBody: "no ".repeat(200),
      error: "The receiver answered 500.",
    },
  });
  await signedInAs(customer.owner);
  await useTheme(page, "dark");
  await open(page, customer.account, webhook);
  await expect(table(page)).toContainText("HTTP 500");
  await expect(page.getByRole("button", { name: "Redeliver failed" })).toHaveCount(0);
  const isWhole = async () =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await isWhole();
  await expectAccessible(page);
  await table(page).getByRole("link", { name: "vehicle_created" }).click();
  await expect(page.getByText("The receiver answered 500.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Redeliver" })).toHaveCount(0);
  await isWhole();
  await expectAccessible(page);
});
