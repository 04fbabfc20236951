import type { Page } from "@playwright/test";

import { namesShown, openApiKeys, openRowMenu, rowOf } from "./api-keys-page";
import { expect, test } from "./fixtures";

const DAY_MS = 86_400_000;
const days = (count: number) => new Date(Date.now() + count * DAY_MS);

async function expectNames(page: Page, names: readonly string[]): Promise<void> {
  await expect.poll(async () => (await namesShown(page)).toSorted()).toEqual(names.toSorted());
}

/** The segments read as "Active 2". */
function segment(page: Page, name: string) {
  return page.getByRole("group", { name: "Status" }).getByRole("link", { name: new RegExp(`^${name} ?\\d`) });
}

async function chooseFilter(page: Page, group: string, option: string): Promise<void> {
  await page.getByRole("button", { name: /^Filters/ }).click();
  const popover = page.getByRole("dialog", { name: "Filters" });
  await popover.getByRole("group", { name: group }).getByLabel(option, { exact: true }).check();
  await popover.getByRole("button", { name: "Done" }).click();
}

test.describe("a handful of keys", () => {
  test.beforeEach(async ({ page, partner, factories, signedInAs }) => {
    const { account, owner, administrator } = partner;
    const make = factories.makeApiKey;
    const used = (ago: number) => ({ at: days(-ago), ip: "203.0.113.7" });
    await make({ account, createdBy: owner, name: "Alpha sync", createdAt: days(-50), lastUse: used(0.1) });
    await make({
      account,
      createdBy: owner,
      name: "Beta export",
      createdAt: days(-40),
      apiVersion: "2024-06-30",
      lastUse: used(5),
    });
    await make({
      account,
      createdBy: administrator,
      name: "Gamma 100%",
      createdAt: days(-30),
      scopes: ["contacts.read", "contacts.write"],
    });
    await make({ account, createdBy: owner, name: "Delta soon", expiresAt: days(20), lastUse: used(20) });
    await make({ account, createdBy: owner, name: "Epsilon expired", state: "expired", lastUse: used(100) });
    await make({
      account,
      createdBy: owner,
      name: "Zeta revoked",
      createdAt: days(-60),
      state: "revoked",
      revokedBy: owner,
    });
    await signedInAs("member");
    await openApiKeys(page, account);
  });

  test("each row tells its key", async ({ page, partner }) => {
    await expect(rowOf(page, "Beta export")).toContainText(
      /fah_\w{6}….*Active.*2024-06-30.*vehicles\.read.*5 days ago.*203\.0\.113\.7/,
    );
    await expect(rowOf(page, "Beta export")).toContainText(partner.owner.name);
    await expect(rowOf(page, "Gamma 100%")).toContainText(/2 scopes.*Never/);
    await expect(rowOf(page, "Delta soon")).toContainText(/Expiring soon.*in (19|20) days/);
    await expect(rowOf(page, "Epsilon expired")).toContainText(/Revoked.*expired/);
    await expect(rowOf(page, "Zeta revoked")).toContainText(`revoked by ${partner.owner.name}`);
    await rowOf(page, "Beta export").getByText("5 days ago").hover();
    await expect(page.getByRole("tooltip")).toContainText(/\d{1,2} \w{3} \d{4}, \d\d:\d\d UTC/);
    await rowOf(page, "Gamma 100%").getByText("2 scopes").focus();
    await expect(page.getByRole("tooltip")).toContainText("contacts.read, contacts.write");
  });

  test("search narrows as one types, stands in the address, and `/` leads to it", async ({ page }) => {
    await expect(page.getByRole("table")).toBeVisible();
    const search = page.getByRole("searchbox", { name: "Search by name or prefix" });
    await expect(async () => {
      await page.keyboard.press("/");
      await expect(search).toBeFocused({ timeout: 200 });
    }).toPass();
    await expect(search).toHaveValue("");
    const asked: string[] = [];
    page.on("request", (request) => {
      const q = new URL(request.url()).searchParams.get("q");
      if (q !== null) asked.push(q);
    });
    // In one go, or a slow machine would take more than the debounce between two letters.
    await search.evaluate((input: HTMLInputElement) => {
      for (const typed of ["A", "AL", "ALP", "ALPH", "ALPHA"]) {
        // By the element's own setter, past the one by which React remembers what it has seen.
        Reflect.set(HTMLInputElement.prototype, "value", typed, input);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await expectNames(page, ["Alpha sync"]);
    await expect(page).toHaveURL(/\?q=ALPHA$/);
    expect(asked).toEqual(["ALPHA"]);
    await expect(page.getByRole("navigation", { name: "Pages" })).toContainText("1 key");

    await search.fill("100%");
    await expectNames(page, ["Gamma 100%"]);
    await search.press("Escape");
    await expect(page).not.toHaveURL(/q=/);
    await expect(page.getByRole("rowheader")).toHaveCount(6);
  });

  test("a pasted token is cut to its prefix before it reaches the address", async ({ page, partner, factories }) => {
    const { token, key } = await factories.makeApiKey({
      account: partner.account,
      createdBy: partner.owner,
      name: "Whose is this",
    });
    const requested: string[] = [];
    page.on("request", (request) => requested.push(`${request.url()} ${request.postData() ?? ""}`));
    await page.getByRole("searchbox").fill(token);
    await expectNames(page, ["Whose is this"]);
    await expect(page).toHaveURL(`/${partner.account.token}/api-keys?q=${key.prefix}`);
    expect(requested.filter((line) => line.includes(token))).toEqual([]);
  });

  test("status segments count under the search, and are disjoint", async ({ page }) => {
    for (const [name, count] of [
      ["All", 6],
      ["Active", 3],
      ["Expiring soon", 1],
      ["Revoked", 2],
    ] as const) {
      await expect(segment(page, name)).toHaveText(new RegExp(`^${name} ?${count}$`));
    }
    await segment(page, "Revoked").click();
    await expectNames(page, ["Epsilon expired", "Zeta revoked"]);
    await expect(page).toHaveURL(/status=revoked/);
    await expect(segment(page, "Revoked")).toHaveAttribute("aria-current", "true");
    await segment(page, "Expiring soon").click();
    await expectNames(page, ["Delta soon"]);
    await page.getByRole("searchbox").fill("sync");
    await expect(page.getByRole("heading", { name: "No key matches" })).toBeVisible();
    await expect(segment(page, "Active")).toHaveText(/1$/);
    await segment(page, "Active").click();
    await expectNames(page, ["Alpha sync"]);
  });

  test("each filter has a chip that removes it; Clear all removes everything", async ({ page, partner }) => {
    const filters = [
      ["API version", "2024-06-30", ["Beta export"]],
      ["Scope", "contacts.write", ["Gamma 100%"]],
      ["Created by", partner.administrator.name, ["Gamma 100%"]],
      ["Expires", "In 30 days", ["Delta soon"]],
      ["Last used", "In the last 24 hours", ["Alpha sync"]],
      ["Last used", "Not for 90 days", ["Epsilon expired"]],
      ["Last used", "Never", ["Gamma 100%", "Zeta revoked"]],
    ] as const;
    for (const [group, option, names] of filters) {
      await chooseFilter(page, group, option);
      await expectNames(page, names);
      await page.getByRole("link", { name: `Remove filter ${group}: ${option}` }).click();
      await expect(page.getByRole("rowheader")).toHaveCount(6);
    }
    await chooseFilter(page, "API version", "2025-05-05");
    await chooseFilter(page, "Scope", "contacts.read");
    await segment(page, "Active").click();
    await page.getByRole("searchbox").fill("gam");
    await expectNames(page, ["Gamma 100%"]);
    await page.getByRole("link", { name: "Clear all" }).click();
    await expect(page.getByRole("rowheader")).toHaveCount(6);
    await expect(page).toHaveURL(`/${partner.account.token}/api-keys`);
    await expect(page.getByRole("searchbox")).toHaveValue("");
    await expect(page.getByRole("link", { name: /^Remove filter/ })).toHaveCount(0);
  });

  test("a header sorts, says so, and turns round", async ({ page }) => {
    const header = (name: string) => page.getByRole("columnheader", { name });
    await expect(header("Date added")).toHaveAttribute("aria-sort", "descending");
    await header("Name").getByRole("link").click();
    await expect(header("Name")).toHaveAttribute("aria-sort", "ascending");
    await expect(header("Date added")).not.toHaveAttribute("aria-sort");
    const byName = ["Alpha sync", "Beta export", "Delta soon", "Epsilon expired", "Gamma 100%", "Zeta revoked"];
    expect(await namesShown(page)).toEqual(byName);
    await header("Name").getByRole("link").click();
    await expect(header("Name")).toHaveAttribute("aria-sort", "descending");
    expect(await namesShown(page)).toEqual(byName.toReversed());
    await header("Last used").getByRole("link").click();
    await expect(header("Last used")).toHaveAttribute("aria-sort", "descending");
    expect((await namesShown(page)).slice(0, 4)).toEqual([
      "Alpha sync",
      "Beta export",
      "Delta soon",
      "Epsilon expired",
    ]);
    await header("Expires at").getByRole("link").click();
    await expect(header("Expires at")).toHaveAttribute("aria-sort", "ascending");
    expect((await namesShown(page)).slice(0, 2)).toEqual(["Epsilon expired", "Delta soon"]);
    await header("Date added").getByRole("link").click();
    await expect(page).toHaveURL(/sort=created&direction=desc/);
  });

  test("the back button restores a view, and a shared address opens the same one", async ({
    page,
    partner,
    pageOf,
  }) => {
    await segment(page, "Active").click();
    await expectNames(page, ["Alpha sync", "Beta export", "Gamma 100%"]);
    await chooseFilter(page, "API version", "2024-06-30");
    await expectNames(page, ["Beta export"]);
    await page.getByRole("searchbox").fill("beta");
    await expect(page).toHaveURL(/q=beta/);
    const shared = new URL(page.url());

    await rowOf(page, "Beta export").getByRole("link", { name: "Beta export" }).click();
    await expect(page.getByRole("region", { name: "Facts" })).toBeVisible();
    await page.goBack();
    await expectNames(page, ["Beta export"]);
    await expect(page.getByRole("searchbox")).toHaveValue("beta");
    await page.goBack();
    await expect(page.getByRole("searchbox")).toHaveValue("");
    await expectNames(page, ["Beta export"]);
    await page.goBack();
    await expectNames(page, ["Alpha sync", "Beta export", "Gamma 100%"]);
    await expect(page.getByRole("searchbox")).toHaveValue("");
    await page.goBack();
    await expect(page.getByRole("rowheader")).toHaveCount(6);

    const other = await pageOf("owner");
    await openApiKeys(other, partner.account, shared.search);
    await expectNames(other, ["Beta export"]);
    await expect(other.getByRole("searchbox")).toHaveValue("beta");
    await expect(other.getByRole("link", { name: "Remove filter API version: 2024-06-30" })).toBeVisible();
    await expect(segment(other, "Active")).toHaveAttribute("aria-current", "true");
  });

  test("a row's menu belongs to its row wherever the row stands", async ({ page }) => {
    await expect((await openRowMenu(page, "Zeta revoked")).getByRole("menuitem")).toHaveText(["View details"]);
  });
});

test("120 keys come in pages, forward and back, in any order", async ({ page, partner, factories, signedInAs }) => {
  const name = (at: number) => `Key ${String(at).padStart(3, "0")}`;
  // So few at once that none of them waits for a connection, which on a busy machine is given up after 2 seconds.
  for (let from = 1; from <= 120; from += 4) {
    const keys = Array.from({ length: 4 }, (_, at) => name(from + at));
    await Promise.all(
      keys.map((made) =>
        factories.makeApiKey({ account: partner.account, createdBy: partner.owner, state: "revoked", name: made }),
      ),
    );
  }
  await signedInAs("member");
  await openApiKeys(page, partner.account, "?sort=name&direction=asc");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText("120 keys");
  const shows = (from: number, to: number) =>
    expect.poll(() => namesShown(page)).toEqual(Array.from({ length: to - from + 1 }, (_, at) => name(from + at)));
  await shows(1, 50);
  await expect(pages.getByRole("link", { name: "Previous" })).toBeDisabled();
  await pages.getByRole("link", { name: "Next" }).click();
  await shows(51, 100);
  await pages.getByRole("link", { name: "Next" }).click();
  await shows(101, 120);
  await expect(pages.getByRole("link", { name: "Next" })).toBeDisabled();
  await pages.getByRole("link", { name: "Previous" }).click();
  await shows(51, 100);
  await page.reload();
  await shows(51, 100);
  await page.goBack();
  await shows(101, 120);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect.poll(async () => (await namesShown(page)).at(0)).toBe("Key 120");
  await expect(pages.getByRole("link", { name: "Previous" })).toBeDisabled();
});

test("an account without keys says what to do next", async ({ page, partner, signedInAs, pageOf }) => {
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  await expect(page.getByRole("table")).toBeHidden();
  await page.getByRole("main").getByRole("button", { name: "Add API Key" }).last().click();
  await expect(page.getByRole("dialog", { name: "Add API Key" })).toBeVisible();
  const member = await pageOf("member");
  await openApiKeys(member, partner.account);
  await expect(member.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  await expect(member.getByRole("button", { name: "Add API Key" })).toHaveCount(0);
});
