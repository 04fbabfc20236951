import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";

import type { AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { expect, expectAccessible, NOT_FOUND_LINE, test, useTheme } from "./fixtures";

const csv = (...lines: string[]) => ({
  name: "fleet.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(lines.join("\r\n")),
});

test.describe("importing vehicles", () => {
  let space: AccountWithPeople;
  test.beforeEach(async ({ factories }) => {
    const { makeVehicle, makeVehicleStatus, makeVehicleType } = await import("@/prisma/factories/vehicles");
    space = await factories.makeAccountWithPeople();
    await makeVehicleType({ account: space.account, name: "Van" });
    await makeVehicleStatus({ account: space.account, name: "Active" });
    await makeVehicle({ account: space.account, name: "Van 1" });
  });
  const open = (page: Page) => page.goto(`/${space.account.token}/imports/new?record=vehicles`);
  const upload = async (page: Page, file: ReturnType<typeof csv>) => {
    await page.getByLabel("CSV file").setInputFiles(file);
    await page.getByRole("button", { name: "Upload" }).click();
  };

  test("a member uploads a file, matches a column, sees it run through and what was refused", async ({
    page,
    signedInAs,
    db,
  }) => {
    await signedInAs(space.member);
    await page.goto(`/${space.account.token}/vehicles`);
    await page.getByRole("link", { name: "Import" }).click();
    await expect(page.getByRole("heading", { name: "Import vehicles" })).toBeVisible();
    await page.getByRole("button", { name: "Upload" }).click();
    await expect(page.getByText("Choose a CSV file.")).toBeVisible();
    await expectAccessible(page);
    await upload(
      page,
      csv("Name;Type;Status;Unit;Note", "Van 1;Van;Active;mi;a", "Van 2;Van;Active;mi;b", "Van 3;Ship;Active;km;"),
    );
    await expect(page.getByText("fleet.csv has 3 rows.")).toBeVisible();
    await expect(page.getByLabel("Name")).toHaveValue("name");
    await expect(page.getByLabel("Note")).toHaveValue("");
    await expect(page.getByText("Still missing: Meter unit.")).toBeVisible();
    await page.getByRole("button", { name: "Import 3 vehicles" }).click();
    await expect(page.getByText("Meter unit is required: choose the column that holds it.")).toBeVisible();
    await page.getByLabel("Unit").selectOption("primary_meter_unit");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Import 3 vehicles" }).click();
    await expect(page.getByText("1 vehicle added, 2 refused.")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("Name: has already been taken")).toBeVisible();
    await page
      .getByRole("group", { name: "Result" })
      .getByRole("link", { name: /^Refused/ })
      .click();
    await expect(page.getByRole("rowheader")).toHaveCount(2);
    await expect(page.getByText("Type: “Ship” does not exist in this account")).toBeVisible();
    await expectAccessible(page);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download report" }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^import-\d+-report\.csv$/);
    await page.getByRole("link", { name: "Vehicles", exact: true }).first().click();
    await page.getByRole("searchbox").fill("van 2");
    await expect(page.getByRole("rowheader")).toHaveCount(1);
    await expectAccessible(page);
    const [list] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export" }).click(),
    ]);
    expect(list.suggestedFilename()).toMatch(/^vehicles-[0-9a-f]{10}-[\d-]{10}\.csv$/);
    const [head, ...rows] = (await readFile(await list.path(), "utf8")).trimEnd().split("\r\n");
    expect(head).toMatch(/^id,name,/);
    expect(rows.map((row) => row.split(",")[1])).toEqual(["Van 2"]);
    const made = await db.vehicle.findMany({ where: { accountId: space.account.id }, orderBy: { id: "asc" } });
    expect(made.map(({ name }) => name)).toEqual(["Van 1", "Van 2"]);
  });

  test("a file that is none is refused in words, on a phone and in the dark too", async ({
    page,
    signedInAs,
    noise,
  }) => {
    noise.foresee(/Failed to load resource: .* 422/);
    await page.setViewportSize({ width: 360, height: 740 });
    await signedInAs(space.administrator);
    await open(page);
    await useTheme(page, "dark");
    await upload(page, csv("Name", '"Van 1'));
    await expect(page.getByText("a quotation mark is opened and not closed")).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  test("another account's import, and a partner's, is no page", async ({
    page,
    signedInAs,
    pageOf,
    factories,
    noise,
    partner,
  }) => {
    noise.foresee(NOT_FOUND_LINE);
    await signedInAs(space.owner);
    await open(page);
    await upload(page, csv("Name,Type,Status,Meter unit", "Van 2,Van,Active,mi"));
    await expect(page.getByRole("button", { name: "Import 1 vehicle" })).toBeVisible();
    const address = new URL(page.url()).pathname;
    const other = await factories.makeAccountWithPeople();
    const stranger = await pageOf(other.owner);
    expect((await stranger.goto(address))?.status()).toBe(404);
    expect((await stranger.goto(address.replace(space.account.token, other.account.token)))?.status()).toBe(404);
    const hub = await pageOf("owner");
    expect((await hub.goto(`/${partner.account.token}/imports/new`))?.status()).toBe(404);
  });
});
