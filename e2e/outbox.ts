import { expect, type Locator, type Page } from "@playwright/test";

/** The link of the newest mail to the address in the local outbox, as a person finds it; once so many have come. */
export async function mailedLink(page: Page, email: string, subject: string, count?: number): Promise<Locator> {
  await page.goto("/outbox");
  const mails = page.getByRole("listitem").filter({ hasText: `to ${email}` });
  // The mail is sent by a job: it may come a moment later.
  await expect(async () => {
    await page.reload();
    if (count === undefined) await expect(mails.first()).toBeVisible({ timeout: 500 });
    else await expect(mails).toHaveCount(count, { timeout: 500 });
  }).toPass();
  const mail = mails.first();
  const link = mail.getByRole("link", { name: "Open the link of this mail" });
  // Only the newest of all mails is open, and others get mails too.
  if (!(await link.isVisible())) await mail.getByText(subject).first().click();
  return link;
}

/** Follows the link of the newest sign-in mail to the address. */
export async function followMailedLink(page: Page, email: string): Promise<void> {
  await (await mailedLink(page, email, "Sign in to Fleet Advisor Hub")).click();
  await expect(page.getByRole("heading", { name: "Confirm your sign-in" })).toBeVisible();
}

export async function askForLink(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send sign-in link" }).click();
  await expect(page.getByRole("heading", { name: "Check your inbox" })).toBeVisible();
}

export async function confirmSignIn(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Confirm your sign-in" })).toBeHidden();
}
