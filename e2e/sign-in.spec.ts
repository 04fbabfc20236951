import { chooseRowAction, openApiKeys, openCreateDialog, takeToken } from "./api-keys-page";
import { expect, NOT_FOUND_LINE, test } from "./fixtures";
import { askForLink, confirmSignIn, followMailedLink } from "./outbox";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

// All requests come from this machine, which may ask for 20 links an hour.
test.beforeEach(async ({ db }) => {
  await db.signInRequest.deleteMany();
});

test("a link from the outbox signs in, once; signing out ends it", async ({ page, partner, context, baseURL }) => {
  const { owner, account } = partner;
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
  await page.getByLabel("E-mail address").fill(owner.email.toUpperCase());
  await page.getByLabel("E-mail address").press("Enter");
  await expect(page.getByRole("heading", { name: "Check your inbox" })).toBeFocused();
  await page.getByRole("link", { name: "local outbox" }).click();
  await expect(page.getByRole("heading", { name: "Local outbox" })).toBeVisible();
  await followMailedLink(page, owner.email);
  const link = page.url();
  await expect(page.getByText(owner.email)).toBeVisible();
  await confirmSignIn(page);
  await expect(page).toHaveURL(`/${account.token}/api-keys`);
  const cookies = await context.cookies(baseURL);
  expect(cookies).toMatchObject([{ name: "fleet-advisor-hub.session", httpOnly: true, sameSite: "Lax" }]);
  await page.goto("/sign-in");
  await expect(page).toHaveURL(`/${account.token}/api-keys`);

  await page.getByRole("button", { name: new RegExp(owner.name) }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  expect(await context.cookies(baseURL)).toEqual([]);
  await context.addCookies(cookies);
  await page.goto(`/${account.token}/api-keys`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);

  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This sign-in link does not work")).toBeVisible();
});

test("the outbox has no page for who comes through a proxy or a tunnel", async ({ page, request, noise }) => {
  expect((await request.get("/outbox")).status()).toBe(200);
  const marks = {
    "x-forwarded-for": "127.0.0.1",
    "cf-connecting-ip": "203.0.113.7",
    via: "1.1 proxy",
    forwarded: "for=x",
  };
  for (const [name, value] of Object.entries(marks))
    expect((await request.get("/outbox", { headers: { [name]: value } })).status(), name).toBe(404);
  noise.foresee(NOT_FOUND_LINE);
  await page.setExtraHTTPHeaders({ "x-forwarded-for": "203.0.113.7" });
  await page.goto("/outbox");
  await expect(page.getByRole("heading", { name: "Local outbox" })).toBeHidden();
  await page.goto("/sign-in");
  await expect(page.getByText("npm run outbox")).toBeVisible();
});

test("an unknown address gets the same words, and no mail", async ({ page, partner, db }) => {
  const unknown = `nobody-${partner.owner.id}@example.com`;
  const wordsFor = async (email: string) => {
    await page.goto("/sign-in");
    await askForLink(page, email);
    return (await page.getByRole("main").innerText()).replaceAll(email, "…");
  };
  expect(await wordsFor(unknown)).toBe(await wordsFor(partner.owner.email));
  // Jobs are done in the order in which they were asked for.
  await expect.poll(() => db.outboxMail.count({ where: { to: partner.owner.email } })).toBe(1);
  expect(await db.outboxMail.count({ where: { to: unknown } })).toBe(0);
});

test("what is no address is said next to the field", async ({ page }) => {
  for (const entered of ["olivia", "olivia@northwind"]) {
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(entered);
    await page.getByRole("button", { name: "Send sign-in link" }).click();
    await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription(/Enter an e-mail address, such as/);
    await expect(page.getByLabel("E-mail address")).toHaveValue(entered);
  }
});

test("looking at a link uses nothing up; an expired one says what to do", async ({ page, partner, db, request }) => {
  await page.goto("/sign-in");
  await askForLink(page, partner.member.email);
  await followMailedLink(page, partner.member.email);
  const link = new URL(page.url());
  await page.goto(link.href);
  const callback = await request.get(`/api/auth/callback/email${link.search}`, { maxRedirects: 0 });
  expect([callback.status(), callback.headers().allow]).toEqual([405, "POST"]);
  const links = { where: { email: partner.member.email } };
  expect(await db.signInLink.findFirstOrThrow(links)).toMatchObject({ usedAt: null });

  await db.signInLink.updateMany({ ...links, data: { expiresAt: new Date(Date.now() - 1000) } });
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This sign-in link does not work")).toBeVisible();
  await db.signInLink.updateMany({ ...links, data: { expiresAt: new Date(Date.now() + 60_000) } });
  await page.goto(link.href);
  await confirmSignIn(page);
  await expect(page).toHaveURL(`/${partner.account.token}/api-keys`);
});

test("a link leads to no other site, wherever it is told to", async ({ page, partner }) => {
  const { account, administrator } = partner;
  await page.goto("/sign-in?next=https://elsewhere.example/");
  await askForLink(page, administrator.email);
  await followMailedLink(page, administrator.email);
  expect(new URL(page.url()).searchParams.get("next")).toBeNull();
  await page.goto(`${page.url()}&next=${encodeURIComponent("//elsewhere.example/")}`);
  await confirmSignIn(page);
  await expect(page).toHaveURL(`/${account.token}/api-keys`);
  await page.goto("/sign-in?next=/%5Celsewhere.example");
  await expect(page).toHaveURL(`/${account.token}/api-keys`);
});

test("a link opened in another browser signs in there, and leads to the start", async ({
  page,
  partner,
  pageOf,
  context,
}) => {
  const { account, member } = partner;
  await page.goto(`/sign-in?next=/${account.token}/account-tokens`);
  await askForLink(page, member.email);
  expect(await context.cookies()).toMatchObject([
    { name: "fleet-advisor-hub.next", httpOnly: true, sameSite: "Lax", path: "/" },
  ]);
  const elsewhere = await pageOf(null);
  await followMailedLink(elsewhere, member.email);
  await confirmSignIn(elsewhere);
  await expect(elsewhere).toHaveURL(`/${account.token}/api-keys`);

  // In the browser that asked, what was wanted last counts, with whatever link comes next.
  await page.goto("/sign-in");
  await askForLink(page, member.email);
  expect(await context.cookies()).toEqual([]);
  await page.goto(`/sign-in?next=/${account.token}/account-tokens`);
  await askForLink(page, member.email);
  await followMailedLink(page, member.email);
  await confirmSignIn(page);
  await expect(page).toHaveURL(`/${account.token}/account-tokens`);
  expect(await context.cookies()).toMatchObject([{ name: "fleet-advisor-hub.session" }]);
});

for (const [what, age] of [
  ["idle for 30 minutes", { lastSeenMinutesAgo: 31 }],
  ["12 hours old", { signedInMinutesAgo: 12 * 60 + 1 }],
] as const) {
  test(`a session ${what} leads to the sign-in, and from there straight back`, async ({
    page,
    partner,
    signedInAs,
  }) => {
    await signedInAs("member", age);
    const wanted = `/${partner.account.token}/api-keys?q=keycafe&status=active`;
    await page.goto(wanted);
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(wanted)}`);
    await askForLink(page, partner.member.email);
    await followMailedLink(page, partner.member.email);
    await confirmSignIn(page);
    await expect(page).toHaveURL(wanted);
    await expect(page.getByRole("heading", { name: "API Keys" })).toBeVisible();
  });
}

test("creating a key wants a fresh sign-in, and leads straight back to what was typed", async ({
  page,
  partner,
  signedInAs,
  context,
  db,
}) => {
  await signedInAs("administrator", { signedInMinutesAgo: 20 });
  await openApiKeys(page, partner.account);
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("Typed before");
  await dialog.getByLabel("Expires after").selectOption("3 months");
  await dialog.getByLabel("contacts.read").check();
  await dialog.getByLabel("Allowed IP addresses").fill("127.0.0.1");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("This is only done within 15 minutes of a sign-in.");
  await dialog.getByRole("button", { name: "Send me a sign-in link" }).click();
  await expect(dialog.getByRole("status")).toContainText("Check your inbox");
  const [mail] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("link", { name: "local outbox" }).click(),
  ]);
  await followMailedLink(mail, partner.administrator.email);
  await confirmSignIn(mail);

  const resumed = mail.getByRole("dialog", { name: "Add API Key" });
  await expect(resumed.getByLabel("Name")).toHaveValue("Typed before");
  await expect(resumed.getByLabel("Expires after")).toHaveValue("3");
  await expect(resumed.getByLabel("contacts.read")).toBeChecked();
  await expect(resumed.getByLabel("Allowed IP addresses")).toHaveValue("127.0.0.1");
  await resumed.getByRole("button", { name: "Save" }).click();
  await takeToken(mail, "Typed before");

  // The tab that was left open still holds the same form: it makes no second key.
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "“Typed before” exists already" })).toBeVisible();
  expect(await db.apiKey.count({ where: { accountId: partner.account.id } })).toBe(1);
});

test("regenerating wants a fresh sign-in too, and the first tab can go on as well", async ({
  page,
  partner,
  factories,
  signedInAs,
  context,
}) => {
  await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: "To regenerate" });
  await signedInAs("owner", { signedInMinutesAgo: 20 });
  await openApiKeys(page, partner.account);
  await chooseRowAction(page, "To regenerate", "Regenerate");
  const dialog = page.getByRole("dialog", { name: "Regenerate “To regenerate”?" });
  await dialog.getByRole("radio", { name: "1 hour" }).check();
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await dialog.getByRole("button", { name: "Send me a sign-in link" }).click();
  const [mail] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("link", { name: "local outbox" }).click(),
  ]);
  await followMailedLink(mail, partner.owner.email);
  await confirmSignIn(mail);
  await expect(mail.getByRole("dialog", { name: "Regenerate “To regenerate”?" })).toBeVisible();
  await mail.close();
  await expect(dialog.getByRole("radio", { name: "1 hour" })).toBeChecked();
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await takeToken(page, "To regenerate");
});

test("a person who belongs to no account is told so", async ({ page, factories, signedInAs }) => {
  await signedInAs(await factories.makeUser());
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "You belong to no account any more" })).toBeVisible();
});
