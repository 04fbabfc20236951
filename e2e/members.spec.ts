import type { Page } from "@playwright/test";

import { expect, expectAccessible, test } from "./fixtures";
import { confirmSignIn, followMailedLink, mailedLink } from "./outbox";

const open = (page: Page, account: { token: string }) => page.goto(`/${account.token}/members`);
const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

async function choose(page: Page, name: string, action: "Change role" | "Remove" | "Leave"): Promise<void> {
  await page.getByRole("button", { name: `More actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** What the newest mail to the address leads to. */
async function invitationLink(page: Page, email: string, count = 1): Promise<string> {
  const link = await mailedLink(page, email, "invites you to", count);
  return (await link.getAttribute("href")) ?? "";
}

async function invite(page: Page, email: string, role: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite a person" });
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(dialog).toBeHidden();
}

test("somebody invited accepts, signs in and is there; the link before a resent one is dead", async ({
  page,
  partner,
  signedInAs,
  pageOf,
  db,
}) => {
  await db.signInRequest.deleteMany();
  const email = `ina-${partner.account.token}@example.com`;
  await signedInAs("owner");
  await open(page, partner.account);
  await page.getByRole("button", { name: "Invite" }).click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await invite(page, email, /^Administrator/);
  const pending = page.getByRole("region", { name: "Pending invitations" });
  await expect(pending.getByRole("listitem")).toContainText(`Administrator, invited by ${partner.owner.name}`);
  await expectAccessible(page);
  const guest = await pageOf(null);
  const dead = await invitationLink(guest, email);
  await pending.getByRole("button", { name: `Resend invitation of ${email}` }).click();
  await expect(
    page.getByText("The mail is on its way; the link before stopped working.", { exact: true }),
  ).toBeVisible();
  const link = await invitationLink(guest, email, 2);

  await guest.goto(dead);
  await expect(guest.getByRole("heading", { name: "This invitation cannot be used" })).toBeVisible();
  await expectAccessible(guest);
  await guest.goto(link);
  await expect(guest.getByRole("heading", { name: `Join ${partner.account.name}` })).toBeVisible();
  await expectAccessible(guest);
  await guest.getByRole("button", { name: `Join ${partner.account.name}` }).click();
  await expect(guest.getByText("Enter your name.")).toBeVisible();
  await guest.getByLabel("Your name").fill("Ina Invited");
  await guest.getByRole("button", { name: `Join ${partner.account.name}` }).click();
  await expect(guest.getByText(`You are a member of ${partner.account.name} now.`)).toBeVisible();
  await followMailedLink(guest, email);
  await confirmSignIn(guest);
  await expect(guest).toHaveURL(`/${partner.account.token}/api-keys`);
  await open(guest, partner.account);
  await expect(row(guest, "Ina Invited (you)")).toContainText("Administrator");
  await guest.goto(link);
  await expect(guest.getByRole("heading", { name: "This invitation cannot be used" })).toBeVisible();
  await page.reload();
  await expect(pending).toBeHidden();
});

test("a withdrawn invitation opens nothing", async ({ page, partner, signedInAs, pageOf }) => {
  const email = `wil-${partner.account.token}@example.com`;
  await signedInAs("administrator");
  await open(page, partner.account);
  await invite(page, email, /^Member/);
  const guest = await pageOf(null);
  const link = await invitationLink(guest, email);
  await page.getByRole("button", { name: `Withdraw invitation of ${email}` }).click();
  await expect(page.getByRole("region", { name: "Pending invitations" })).toBeHidden();
  await guest.goto(link);
  await expect(guest.getByRole("heading", { name: "This invitation cannot be used" })).toBeVisible();
});

test("changing a role wants a fresh sign-in; then it counts", async ({
  page,
  partner,
  signedInAs,
  factories,
  context,
  baseURL,
}) => {
  await signedInAs("owner", { signedInMinutesAgo: 20 });
  await open(page, partner.account);
  await choose(page, partner.member.name, "Change role");
  const dialog = page.getByRole("dialog", { name: `Change ${partner.member.name}’s role` });
  await dialog.getByRole("radio", { name: /^Administrator/ }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("within 15 minutes of a sign-in");
  await expectAccessible(page);
  await context.addCookies([
    { name: "fleet-advisor-hub.session", value: await factories.makeSession(partner.owner), url: baseURL ?? "" },
  ]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, partner.member.name)).toContainText("Administrator");
});

test("inviting and removing want a fresh sign-in, and go on where one was", async ({
  page,
  partner,
  signedInAs,
  factories,
  context,
  baseURL,
}) => {
  const sign = async (minutesAgo: number) =>
    context.addCookies([
      {
        name: "fleet-advisor-hub.session",
        value: await factories.makeSession(partner.owner, { signedInMinutesAgo: minutesAgo }),
        url: baseURL ?? "",
      },
    ]);
  await signedInAs("owner", { signedInMinutesAgo: 20 });
  await open(page, partner.account);
  await page.getByRole("button", { name: "Invite" }).click();
  const invitation = page.getByRole("dialog", { name: "Invite a person" });
  await invitation.getByLabel("E-mail address").fill(`fay-${partner.account.token}@example.com`);
  await invitation.getByRole("button", { name: "Send invitation" }).click();
  await expect(invitation).toContainText("within 15 minutes of a sign-in");
  await sign(0);
  await invitation.getByRole("button", { name: "Send invitation" }).click();
  await expect(invitation).toBeHidden();

  await sign(20);
  await choose(page, partner.member.name, "Remove");
  const removal = page.getByRole("alertdialog");
  await removal.getByRole("button", { name: "Remove member" }).click();
  await expect(removal).toContainText("within 15 minutes of a sign-in");
  await expectAccessible(page);
  await sign(0);
  await removal.getByRole("button", { name: "Remove member" }).click();
  await expect(removal).toBeHidden();
  await expect(row(page, partner.member.name)).toHaveCount(0);
});

test("removing says what becomes of the keys: a partner's go on, a customer's stop", async ({
  page,
  partner,
  signedInAs,
  factories,
  db,
}) => {
  await factories.makeApiKey({ account: partner.account, createdBy: partner.administrator });
  await signedInAs("owner");
  await open(page, partner.account);
  await choose(page, partner.administrator.name, "Remove");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("The 1 active key they created go on and are flagged");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  const customer = await factories.makeAccountWithPeople();
  const { key } = await factories.makeApiKey({ account: customer.account, createdBy: customer.administrator });
  await signedInAs(customer.owner);
  await open(page, customer.account);
  await choose(page, customer.administrator.name, "Remove");
  await expect(dialog).toContainText("The 1 active key they created stop at once, for good");
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, customer.administrator.name)).toHaveCount(0);
  expect(await db.apiKey.findUniqueOrThrow({ where: { id: key.id } })).toMatchObject({ revokedReason: "owner_left" });
});

test("one leaves by oneself; the last owner is offered nothing", async ({ page, partner, signedInAs, pageOf }) => {
  await signedInAs("member");
  await open(page, partner.account);
  await expect(page.getByRole("button", { name: "Invite" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^More actions for/ })).toHaveCount(1);
  await choose(page, partner.member.name, "Leave");
  await page.getByRole("alertdialog").getByRole("button", { name: "Leave account" }).click();
  await expect(page.getByRole("heading", { name: "You belong to no account any more" })).toBeVisible();
  const owner = await pageOf("owner");
  await open(owner, partner.account);
  await expect(row(owner, `${partner.owner.name} (you)`)).toBeVisible();
  await expect(owner.getByRole("button", { name: `More actions for ${partner.owner.name}` })).toHaveCount(0);
});

test("a limited administrator grants only what he looks after", async ({ page, partner, signedInAs, db }) => {
  const email = `lim-${partner.account.token}@example.com`;
  await signedInAs("limited");
  await open(page, partner.account);
  await expect(page.getByRole("button", { name: `More actions for ${partner.member.name}` })).toHaveCount(0);
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite a person" });
  await expect(dialog.getByRole("radio", { name: /^All customers/ })).toBeDisabled();
  await expect(dialog.getByRole("radio", { name: /^Owner/ })).toHaveCount(0);
  await expect(dialog.getByLabel(partner.customers[1].name)).toHaveCount(0);
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel(partner.customers[0].name).check();
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(dialog).toBeHidden();
  expect(await db.invitation.findFirstOrThrow({ where: { email } })).toMatchObject({
    limited: true,
    customerIds: [partner.customers[0].id],
  });
});

test("members read well on a phone @phone", async ({ page, partner, signedInAs }) => {
  await signedInAs("owner");
  await open(page, partner.account);
  await expect(page.getByText(partner.member.name)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("dialog", { name: "Invite a person" })).toBeVisible();
  await expectAccessible(page);
});
