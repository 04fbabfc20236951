import type { Locator, Page, TestInfo } from "@playwright/test";

import { chooseRowAction, openApiKeys, openCreateDialog, openRowMenu, rowOf, tokenDialog } from "./api-keys-page";
import { expect, expectAccessible, NOT_FOUND_LINE, test, useTheme } from "./fixtures";
import { askForLink, followMailedLink } from "./outbox";

const DAY_MS = 86_400_000;
const TOUCH_PX = 44;

/** What is too small for a finger; links in running text need not be a button's size. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const top = [...document.querySelectorAll("[role=dialog], [role=alertdialog], [role=menu]")].at(-1) ?? document;
    const controls = [
      ...top.querySelectorAll<HTMLElement>("button, input, select, textarea, [role=menuitem], [role=tab], nav a"),
    ];
    const areaOf = (control: HTMLElement) => control.closest("label") ?? control;
    return controls
      .filter(
        (control) =>
          control.checkVisibility({ visibilityProperty: true }) && !control.closest("nextjs-portal, [role=status]"),
      )
      .map((control) => ({ control, box: areaOf(control).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
      .map(
        ({ control, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${control.outerHTML.slice(0, 160)}`,
      );
  }, TOUCH_PX);
}

/** Pictures for people, in test-results/appearance: `E2E_DEEP=1 LOOK=1 npx playwright test e2e/appearance.deep.spec.ts`. */
const TAKES_PICTURES = Boolean(process.env.LOOK);

/** The state at hand, light and dark: readable, operable, within the screen. */
async function look(page: Page, name: string, { project }: TestInfo): Promise<void> {
  await expectAccessible(page);
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll, `${name}: the page scrolls sideways`).toBeLessThanOrEqual(client);
  if (project.name === "phone") expect(await smallTargets(page), `${name}: too small to touch`).toEqual([]);
  const keep = async (theme: string) => {
    const path = `test-results/appearance/${name}-${project.name}-${theme}.png`;
    if (TAKES_PICTURES) await page.screenshot({ path });
  };
  await keep("light");
  await useTheme(page, "dark");
  await expectAccessible(page, ["color-contrast"]);
  await keep("dark");
  await useTheme(page, "light");
}

function onBoth(
  title: string,
  walk: (given: { page: Page; see: (name: string) => Promise<void>; phone: boolean } & Given) => Promise<void>,
): void {
  for (const tag of ["", " @phone"]) {
    test(`${title}${tag}`, async ({ page, partner, factories, signedInAs, db, noise }, info) => {
      await useTheme(page, "light");
      const see = (name: string) => look(page, name, info);
      await walk({ page, partner, factories, signedInAs, db, noise, see, phone: tag !== "" });
    });
  }
}

type TestArgs = Parameters<Parameters<typeof test>[2]>[0];
type Given = Pick<TestArgs, "partner" | "factories" | "signedInAs" | "db" | "noise">;

async function makeVariousKeys({ partner, factories }: Given): Promise<void> {
  const { account, owner, administrator } = partner;
  const make = factories.makeApiKey;
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  await make({ account, createdBy: owner, name: "Old intranet", state: "expired", apiVersion: "2023-03-01" });
  await make({
    account,
    createdBy: owner,
    name: "Pilot dashboard",
    state: "revoked",
    revokedBy: administrator,
    createdAt: ago(200),
  });
  await make({
    account,
    createdBy: administrator,
    name: "Reporting script",
    expiresAt: ago(-20),
    lastUse: { at: ago(1), ip: "2001:db8:40:1::7" },
  });
  await make({
    account,
    createdBy: administrator,
    name: "A connector whose name is rather long, as people will call their integrations",
    scopes: ["vehicles.read", "contacts.read"],
    createdAt: ago(20),
    lastUse: { at: ago(0.002), ip: "203.0.113.7", client: "node-fetch/3.3.2" },
    oldTokenUntil: ago(-2),
    customers: [partner.customers[0]],
    allowedIps: ["198.51.100.0/24"],
  });
  await make({
    account,
    createdBy: await factories.makeUser({ name: "Daniel Ortiz" }),
    name: "Planner",
    createdAt: ago(10),
  });
}

test.describe.configure({ mode: "parallel", timeout: 180_000 });

const LONG = "A connector whose name is rather long, as people will call their integrations";

onBoth("the way in", async ({ page, see, partner, db }) => {
  await db.signInRequest.deleteMany();
  await page.goto("/sign-in");
  await see("sign-in");
  await page.getByLabel("E-mail address").fill("nobody@nowhere");
  await page.getByRole("button", { name: "Send sign-in link" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
  await see("sign-in-error");
  await askForLink(page, partner.owner.email);
  await see("sign-in-inbox");
  await followMailedLink(page, partner.owner.email);
  await see("sign-in-link");
  await page.goto("/outbox");
  await see("outbox");
  await page.goto("/sign-in?problem=link");
  await see("sign-in-problem");
});

onBoth("the list of keys", async ({ page, see, phone, ...given }) => {
  const { partner, signedInAs } = given;
  await makeVariousKeys(given);
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await see("api-keys");
  await openRowMenu(page, "Reporting script");
  await see("row-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filters" }).click();
  await see("filters");
  await page.keyboard.press("Escape");
  await rowOf(page, "Planner").hover();
  await page.getByRole("checkbox", { name: "Select Planner" }).check();
  await page.getByRole("checkbox", { name: "Select Reporting script" }).check();
  // Its bar stays in sight over what is scrolled beneath it.
  await page.evaluate(() => window.scrollTo(0, 0));
  await see("selection");
  await page.getByRole("group", { name: "Selection" }).getByRole("button", { name: "Revoke" }).click();
  await see("revoke-selected");
  await page.getByRole("button", { name: "Keep them" }).click();
  await openApiKeys(page, partner.account, "?version=2024-01-01&scope=vehicles.read&q=no+such&used=idle90d");
  await see("no-match");
  if (phone) {
    await page.getByRole("button", { name: "Open navigation" }).click();
    await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
    await see("navigation");
  }
  await page.getByRole("button", { name: new RegExp(partner.owner.name) }).click();
  await see("user-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Account:/ }).click();
  await see("account-switcher");
});

onBoth("creating a key", async ({ page, see, partner, signedInAs }) => {
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await see("empty");
  const dialog = await openCreateDialog(page);
  await see("create");
  await dialog.getByLabel("Expires after").selectOption("A date");
  await dialog.getByRole("radio", { name: "A chosen few" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await see("create-errors");
  await dialog.getByRole("radio", { name: "All customers" }).check();
  await dialog.getByLabel("Expires after").selectOption("1 year");
  await dialog.getByLabel("Name").fill("Keycafe");
  await dialog.getByRole("button", { name: "Save" }).click();
  const modal = await tokenDialog(page, "Keycafe");
  await see("token");
  await modal.getByRole("tab", { name: "Python" }).click();
  await page.keyboard.press("Escape");
  await expect(modal.getByRole("button", { name: "Close without copying" })).toBeVisible();
  await see("token-uncopied");
});

onBoth("what is done with a key", async ({ page, see, ...given }) => {
  const { partner, signedInAs } = given;
  await makeVariousKeys(given);
  await signedInAs("owner", { signedInMinutesAgo: 20 });
  await openApiKeys(page, partner.account);
  const close = async (dialog: Locator, name: string) => {
    await dialog.getByRole("button", { name }).click();
    await expect(dialog).toBeHidden();
  };
  await chooseRowAction(page, LONG, "Edit");
  await see("edit");
  await close(page.getByRole("dialog"), "Cancel");
  await chooseRowAction(page, LONG, "Regenerate");
  await see("regenerate");
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await expect(page.getByRole("button", { name: "Send me a sign-in link" })).toBeVisible();
  await see("fresh-sign-in");
  await close(page.getByRole("dialog"), "Cancel");
  await chooseRowAction(page, LONG, "Revoke");
  await see("revoke");
  await close(page.getByRole("alertdialog"), "Keep key");
  await chooseRowAction(page, "Reporting script", "Renew");
  await see("renew");
  await page.getByRole("button", { name: "Renew key" }).click();
  await expect(page.getByText("“Reporting script” renewed", { exact: true })).toBeVisible();
  await see("toast");
  await page.getByRole("link", { name: LONG }).click();
  await expect(page.getByRole("region", { name: "Facts" })).toBeVisible();
  await see("key-page");
  await openApiKeys(page, partner.account, "?status=revoked");
  await page.getByRole("link", { name: "Pilot dashboard" }).click();
  await expect(page.getByRole("region", { name: "Facts" })).toBeVisible();
  await see("key-page-revoked");
});

onBoth("account tokens, and what is not there", async ({ page, see, partner, factories, signedInAs, noise }) => {
  noise.foresee(NOT_FOUND_LINE);
  const partnerId = partner.account.id;
  for (const status of ["trial", "past_due", "suspended", "canceled"] as const) {
    await factories.makeAccount({ partnerId, status, name: `Customer that is ${status.replace("_", " ")}` });
  }
  await signedInAs("member");
  await page.goto(`/${partner.account.token}/account-tokens`);
  await page.getByRole("rowheader").first().hover();
  await see("account-tokens");
  await page.goto(`/${partner.account.token}/account-tokens?q=no+such`);
  await see("account-tokens-no-match");
  await page.goto("/0123456789/api-keys");
  await see("not-found");
});
