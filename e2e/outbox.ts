import { expect, type Page } from "@playwright/test";

/** Reads the newest mail to the address in the local outbox, as a person would, and follows its link. */
export async function followMailedLink(page: Page, email: string): Promise<void> {
  await page.goto("/outbox");
  const mail = page
    .getByRole("listitem")
    .filter({ hasText: `to ${email}` })
    .first();
  // The mail is sent by a job: it may come a moment later.
  await expect(async () => {
    await page.reload();
    await expect(mail).toBeVisible({ timeout: 500 });
  }).toPass();
  const open = mail.getByRole("link", { name: "Open the link of this mail" });
  if (!(await open.isVisible())) await mail.getByText("Sign in to Fleet Advisor Hub").first().click();
  await open.click();
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
