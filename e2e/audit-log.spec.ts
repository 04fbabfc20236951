import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import type { Account } from "@/generated/prisma/client";
import type { DomainEvent } from "@/lib/audit-log/events";
import type * as Factories from "@/prisma/factories/accounts-and-keys";
import { openApiKeys } from "./api-keys-page";
import { expect, expectAccessible, NOT_FOUND_LINE, test, useTheme } from "./fixtures";

const KEY = { type: "apiKey", name: "Keycafe" } as const;

/** What happened in the account before: one key's life, then so many vehicles. */
async function makeLog(
  factories: typeof Factories,
  partner: Factories.PartnerWithPeople,
  vehicles = 0,
): Promise<number> {
  const { mutate } = await import("@/lib/audit-log/mutate");
  const { absentAuthContext } = await import("@/lib/auth/absent-user");
  const { authorize } = await import("@/lib/auth/permit");
  const write = async ({ id: userId }: Factories.PartnerWithPeople["owner"], events: DomainEvent[]) => {
    const origin = { ip: "203.0.113.7", requestId: "e2e" };
    const permit = authorize(
      await absentAuthContext({ userId, accountId: partner.account.id, origin }),
      "auditLog.read",
    );
    await mutate(permit, () => Promise.resolve({ result: null, events }));
  };
  const { key } = await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: KEY.name });
  const record = { ...KEY, id: key.id };
  await write(partner.owner, [
    {
      name: "apiKey.created",
      record,
      after: { apiVersion: "2025-05-05", scopes: ["vehicles.read", "contacts.read"], allowedIps: [] },
    },
  ]);
  await write(partner.administrator, [
    { name: "apiKey.edited", record, before: { name: "Key cabinet" }, after: { name: "Keycafe" } },
    {
      name: "apiKey.renewed",
      record,
      before: { expiresAt: "2026-12-01T09:30:00.000Z" },
      after: { expiresAt: "2027-12-01T09:30:00.000Z" },
    },
    { name: "vehicle.created", record: { type: "vehicle", id: 1, name: "=1+1, a truck" } },
  ]);
  const more = Array.from({ length: vehicles }, (_, at) => ({
    name: "vehicle.updated" as const,
    record: { type: "vehicle" as const, id: at + 2, name: `Truck ${at}` },
  }));
  if (more.length > 0) await write(partner.owner, more);
  return key.id;
}

async function openLog(page: Page, account: Account, query = ""): Promise<void> {
  await page.goto(`/${account.token}/audit-log${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
}

const rows = (page: Page) =>
  page
    .getByRole("table", { name: "Audit log" })
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader") });

test("a member has no such page, and nothing leads there", async ({ page, partner, factories, signedInAs, noise }) => {
  noise.foresee(NOT_FOUND_LINE);
  await makeLog(factories, partner);
  await signedInAs("member");
  await openApiKeys(page, partner.account);
  await expect(page.getByRole("link", { name: "Audit log" })).toHaveCount(0);
  for (const path of ["audit-log", "audit-log/1", "audit-log/export?format=csv"]) {
    expect((await page.goto(`/${partner.account.token}/${path}`))?.status()).toBe(404);
    await expect(page.getByText(/There is no such page/)).toBeVisible();
  }
});

test("an owner reads it, newest first, and each entry in full", async ({ page, partner, factories, signedInAs }) => {
  await makeLog(factories, partner);
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).nth(1)).toContainText("Renewed API key Keycafe");
  await expect(rows(page).nth(1)).toContainText(partner.administrator.name);
  await expect(rows(page).nth(1)).toContainText("203.0.113.7");
  await expect(page.getByText("4 entries")).toBeVisible();
  await expect(page.getByText("Not verified yet.")).toBeVisible();

  await rows(page).nth(2).getByRole("rowheader").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Edited API key Keycafe");
  const change = page.getByRole("region", { name: "Before and after" }).getByRole("row", { name: /Name/ });
  await expect(change.getByRole("cell")).toHaveText(["Key cabinet", "Keycafe"]);
  await expect(page.getByRole("region", { name: "Place in the chain" }).getByText(/^[0-9a-f]{64}$/)).toHaveCount(2);
  await page.getByRole("link", { name: "Older entry" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Created API key Keycafe");
  await page.getByRole("link", { name: "All entries of this API key" }).click();
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByText("Record: API key Keycafe")).toBeVisible();
});

test("filters stand in the address, and the back button takes them away", async ({
  page,
  partner,
  factories,
  signedInAs,
}) => {
  await makeLog(factories, partner);
  await signedInAs("administrator");
  await openLog(page, partner.account);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Who").selectOption({ label: partner.administrator.name });
  await expect(rows(page)).toHaveCount(3);
  await expect(page).toHaveURL(new RegExp(`actor=user%3A${partner.administrator.id}`));
  await page.getByLabel("What").selectOption({ label: "Renewed API key" });
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect(rows(page)).toHaveCount(3);
  await page.goBack();
  await expect(rows(page)).toHaveCount(4);

  await page.getByRole("searchbox").fill("truck");
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("To", { exact: true }).fill("2020-01-31");
  await expect(page.getByText("No entry matches")).toBeVisible();
  await expect(page).toHaveURL(/to=2020-02-01T00%3A00%3A00.000Z/);
  await page.keyboard.press("Escape");
  await expect(page.getByText("To: 31 Jan 2020")).toBeVisible();
  await page.getByRole("link", { name: "Remove filter To: 31 Jan 2020" }).click();
  await expect(rows(page)).toHaveCount(4);
});

test("a long log is read page by page", async ({ page, partner, factories, signedInAs }) => {
  await makeLog(factories, partner, 100);
  await signedInAs("owner");
  await openLog(page, partner.account);
  await expect(page.getByText("104 entries")).toBeVisible();
  await expect(rows(page).first()).toContainText("Entry 104");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(rows(page).first()).toContainText("Entry 54");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(rows(page).first()).toContainText("Entry 54");
  await page.goBack();
  await expect(rows(page)).toHaveCount(4);
});

test("a key's own page leads to all of its entries", async ({ page, partner, factories, signedInAs }) => {
  const keyId = await makeLog(factories, partner);
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/api-keys/${keyId}`);
  await page.getByRole("link", { name: "All entries of this key" }).click();
  await expect(rows(page)).toHaveCount(3);
  await rows(page).first().getByRole("link", { name: "Keycafe" }).click();
  await expect(page).toHaveURL(`/${partner.account.token}/api-keys/${keyId}`);
});

test("what is shown is exported, and that it was stands in the log", async ({
  page,
  partner,
  factories,
  signedInAs,
}) => {
  await makeLog(factories, partner);
  await signedInAs("owner");
  await openLog(page, partner.account, "?q=truck");
  const fileOf = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
  };
  const csv = await fileOf("Export CSV");
  expect(csv.name).toMatch(new RegExp(`^audit-log-${partner.account.token}-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
  const lines = csv.text.split("\r\n");
  expect([lines.length, lines.at(-1)]).toEqual([3, ""]);
  expect(lines[1]).toContain(`,created vehicle,vehicle,1,"'=1+1, a truck",203.0.113.7,`);

  await openLog(page, partner.account);
  const jsonl = await fileOf("Export JSON Lines");
  expect(jsonl.name).toMatch(/\.jsonl$/);
  const entries = jsonl.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { entry: number; action: string; after: unknown });
  expect(entries.map(({ entry }) => entry)).toEqual([6, 5, 4, 3, 2, 1]);
  expect(entries[1]).toMatchObject({ action: "auditLog.exported", after: { format: "csv", q: "truck" } });
  await page.reload();
  await expect(rows(page)).toHaveCount(6);
  await expect(rows(page).first()).toContainText("Exported audit log");
});

test("a log that was tampered with says so in red", async ({ page, partner, factories, db, signedInAs }) => {
  await makeLog(factories, partner);
  await db.auditVerification.create({
    data: {
      accountId: partner.account.id,
      verifiedTo: 4,
      verifiedHash: new Uint8Array(32),
      verifiedAt: new Date(Date.now() - 240_000),
    },
  });
  await signedInAs("owner");
  await openLog(page, partner.account);
  await expect(page.getByText("Verified up to entry 4, 4 minutes ago")).toBeVisible();
  await db.auditVerification.update({
    where: { accountId: partner.account.id },
    data: { verifiedTo: 1, faultSequence: 2, faultKind: "changed" },
  });
  await page.reload();
  await expect(page.getByText("Entry 2 is not as it was written.")).toBeVisible();
  await expect(page.getByText(/npm run audit:verify/)).toBeVisible();
  await expectAccessible(page);
});

for (const theme of ["light", "dark"] as const) {
  for (const tag of ["", "@phone"]) {
    test(`every page of it is accessible, ${theme} ${tag}`, async ({ page, partner, factories, signedInAs }) => {
      await useTheme(page, theme);
      await makeLog(factories, partner);
      await signedInAs("owner");
      await openLog(page, partner.account);
      await expect(rows(page)).toHaveCount(4);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Filters" }).click();
      await expect(page.getByLabel("Who")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.goto(`/${partner.account.token}/audit-log?q=nothing+like+it&period=7d`);
      await expect(page.getByText("No entry matches")).toBeVisible();
      await expectAccessible(page);
      await page.goto(`/${partner.account.token}/audit-log/2`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  }
}
