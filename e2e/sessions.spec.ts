import { expect, expectAccessible, test } from "./fixtures";

test("signing another browser out counts at its very next request, in every open tab", async ({
  page,
  partner,
  signedInAs,
  pageOf,
}) => {
  await signedInAs("member");
  const other = await pageOf("member");
  const otherTab = await other.context().newPage();
  const keys = `/${partner.account.token}/api-keys`;
  for (const tab of [page, other, otherTab]) {
    await tab.goto(keys);
    await expect(tab.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
  }
  await page.getByRole("button", { name: new RegExp(partner.member.name) }).click();
  await page.getByRole("menuitem", { name: "Sessions" }).click();
  const list = page.getByRole("list", { name: "Your sessions" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(list.getByRole("listitem").first()).toContainText("this one");
  await expectAccessible(page);
  await list.getByRole("listitem").nth(1).getByRole("button").click();
  await expect(page.getByText(/^Signed out: /)).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(1);

  await other.reload();
  await expect(other).toHaveURL(`/sign-in?next=${encodeURIComponent(keys)}`);
  // A click inside the page, without a reload.
  await otherTab.getByRole("link", { name: "Account Tokens" }).click();
  await expect(otherTab).toHaveURL(/\/sign-in\?next=/);
  await page.reload();
  await expect(list).toBeVisible();
});

test("signing out everywhere else keeps this browser, everywhere ends it too", async ({
  page,
  signedInAs,
  pageOf,
  partner,
  db,
}) => {
  await signedInAs("owner");
  const other = await pageOf("owner");
  await page.goto("/sessions");
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("You stay signed in here.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("1 session ended.", { exact: true })).toBeVisible();
  await other.goto("/sessions");
  await expect(other).toHaveURL("/sign-in?next=%2Fsessions");
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toBeHidden();

  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await page.goto("/sessions");
  await expect(page).toHaveURL("/sign-in?next=%2Fsessions");
  const ended = await db.auditEntry.findMany({ where: { accountId: partner.account.id, action: "session.ended" } });
  expect(ended).toHaveLength(2);
});

for (const way of ["demoted", "removed"] as const) {
  test(`somebody ${way} on the Members page has lost it at the very next request, in every open tab`, async ({
    page,
    partner,
    signedInAs,
    pageOf,
    noise,
  }) => {
    noise.foresee(/Failed to load resource: .* 404/);
    const { account, administrator } = partner;
    const keys = `/${account.token}/api-keys`;
    const tabs = [await pageOf("administrator")];
    tabs.push(await (tabs[0] as typeof page).context().newPage());
    for (const tab of tabs) {
      await tab.goto(keys);
      await tab.getByRole("button", { name: "Add API Key" }).first().click();
      await tab.getByRole("dialog").getByLabel("Name").fill("Too late");
    }
    await signedInAs("owner");
    await page.goto(`/${account.token}/members`);
    await page.getByRole("button", { name: `More actions for ${administrator.name}` }).click();
    if (way === "demoted") {
      await page.getByRole("menuitem", { name: "Change role" }).click();
      await page
        .getByRole("dialog")
        .getByRole("radio", { name: /^Member/ })
        .check();
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("It counts from the next request on.", { exact: true })).toBeVisible();
    } else {
      await page.getByRole("menuitem", { name: "Remove" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove member" }).click();
      await expect(page.getByText("Access ended with the next request.", { exact: true })).toBeVisible();
    }
    for (const tab of tabs) {
      await tab.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await expect(
        tab.getByRole("dialog").getByText(way === "demoted" ? /Your role does not allow this/ : /no access to it/),
      ).toBeVisible();
      await tab.goto(keys);
      if (way === "removed") await expect(tab.getByText("There is no such page")).toBeVisible();
      else {
        await expect(tab.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
        await expect(tab.getByRole("button", { name: "Add API Key" })).toHaveCount(0);
      }
    }
  });
}

test("sessions read well on a phone @phone", async ({ page, signedInAs, factories, partner }) => {
  await factories.makeSession(partner.owner, { lastSeenMinutesAgo: 3 });
  await signedInAs("owner");
  await page.goto("/sessions");
  await expect(page.getByRole("list", { name: "Your sessions" }).getByRole("listitem")).toHaveCount(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await expectAccessible(page);
});
