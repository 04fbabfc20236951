import type { Page, Request } from "@playwright/test";
import { request as send } from "undici";

import { chooseRowAction, openApiKeys, openCreateDialog, takeToken } from "./api-keys-page";
import { expect, NOT_FOUND_LINE, test } from "./fixtures";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

/** An action's request as the browser sent it, to be sent again by hand. */
interface Captured {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function capture(page: Page, act: () => Promise<void>): Promise<Captured> {
  const isAction = (request: Request) => request.method() === "POST" && request.headers()["next-action"] !== undefined;
  const [request] = await Promise.all([page.waitForRequest(isAction), act()]);
  const {
    "next-action": action = "",
    "content-type": type = "",
    "next-router-state-tree": tree = "",
  } = request.headers();
  const headers = {
    "next-action": action,
    "content-type": type,
    "next-router-state-tree": tree,
    accept: "text/x-component",
  };
  return { url: request.url(), headers, body: request.postData() ?? "" };
}

interface Sender {
  readonly cookie?: string | undefined;
  readonly origin?: string | undefined;
}

/** What the action answered: the part of the stream that holds its result. */
async function replay({ url, headers, body }: Captured, { cookie, origin }: Sender): Promise<string> {
  const answer = await send(url, {
    method: "POST",
    headers: {
      ...headers,
      ...(cookie && { cookie: `fleet-advisor-hub.session=${cookie}` }),
      ...(origin && { origin }),
    },
    body,
  });
  return answer.body.text();
}

test("a foreign and an unknown account token are the same 404 page", async ({
  page,
  partner,
  factories,
  signedInAs,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const other = await factories.makePartnerWithPeople();
  await signedInAs("owner");
  const seen = async (path: string) => {
    const answer = await page.goto(path);
    await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
    const words = await page.locator("body").innerText();
    return { status: answer?.status(), words, title: await page.title() };
  };
  const unknown = await seen("/0123456789/api-keys");
  expect(unknown).toMatchObject({ status: 404, title: "Page not found · Fleet Advisor Hub" });
  expect(unknown.words).toContain("There is no such page");
  // Its customers' spaces are not the partner's either: there one needs a membership.
  for (const token of [other.account.token, other.customers[0].token, partner.customers[0].token]) {
    for (const path of ["api-keys", "account-tokens", "api-keys/1"])
      expect(await seen(`/${token}/${path}`)).toEqual(unknown);
  }
  await page.getByRole("link", { name: "Go to your account" }).click();
  await expect(page).toHaveURL(`/${partner.account.token}/api-keys`);
});

test("another account's key is a 404 like one that never was", async ({
  page,
  partner,
  factories,
  signedInAs,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const other = await factories.makePartnerWithPeople();
  const { key } = await factories.makeApiKey({ account: other.account, name: "Never to be seen" });
  await signedInAs("owner");
  for (const id of [key.id, 2_000_000_000, "99999999999", "0", "1e3", "abc"]) {
    const answer = await page.goto(`/${partner.account.token}/api-keys/${id}`);
    expect(answer?.status()).toBe(404);
    await expect(page.getByText("There is no such page")).toBeVisible();
    expect(await page.content()).not.toContain("Never to be seen");
  }
});

test("whoever is signed out gets the sign-in page, for every address", async ({ page, partner, factories }) => {
  const { key } = await factories.makeApiKey({ account: partner.account });
  const pages = ["api-keys", "account-tokens", `api-keys/${key.id}`].map((path) => `/${partner.account.token}/${path}`);
  for (const path of [...pages, "/0123456789/api-keys", "/api-keys", "/account-tokens"]) {
    await page.goto(path);
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(path)}`);
  }
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
});

test("an action sent by hand is refused to whoever may not do it", async ({
  page,
  partner,
  factories,
  signedInAs,
  db,
  baseURL,
  noise,
}) => {
  noise.foresee(/net::ERR_FAILED/);
  const { account } = partner;
  const revocable = await factories.makeApiKey({ account, createdBy: partner.owner, name: "To revoke" });
  await signedInAs("administrator");
  await openApiKeys(page, account);
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("By hand");
  const creation = await capture(page, () => dialog.getByRole("button", { name: "Save" }).click());
  await takeToken(page, "By hand");
  // Another form's submit, or the answer would only be that this one was sent already.
  const create = { ...creation, body: creation.body.replace(/"submissionId":"\w{8}/, '"submissionId":"00000000') };
  expect(create.body).not.toBe(creation.body);

  await chooseRowAction(page, "To revoke", "Revoke");
  await page.route("**/api-keys*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  const revoke = await capture(page, () => page.getByRole("button", { name: "Revoke key" }).click());
  await expect(page.getByRole("alertdialog").getByRole("alert")).toContainText("The answer did not arrive.");

  const other = await factories.makePartnerWithPeople();
  const [member, stranger, administrator] = [
    await factories.makeSession(partner.member),
    await factories.makeSession(other.owner),
    await factories.makeSession(partner.administrator),
  ];
  const refusals: readonly (readonly [Sender, string])[] = [
    [{ cookie: member, origin: baseURL }, "forbidden"],
    [{ cookie: stranger, origin: baseURL }, "not_found"],
    [{ origin: baseURL }, "not_signed_in"],
    [{ cookie: administrator }, "untrusted_origin"],
    [{ cookie: administrator, origin: "http://localhost:1" }, "untrusted_origin"],
  ];
  const before = await db.auditEntry.count({ where: { accountId: account.id } });
  for (const action of [create, revoke]) {
    for (const [sender, code] of refusals) {
      const answer = await replay(action, sender);
      // A foreign origin is turned away by the framework already; without one it lets everybody through.
      if (sender.origin !== "http://localhost:1") expect(answer).toContain(`"code":"${code}"`);
      expect(answer).not.toContain('"ok":true');
      expect(answer).not.toMatch(/fah_\w{36}/);
    }
  }
  expect(await db.apiKey.count({ where: { accountId: { in: [account.id, other.account.id] } } })).toBe(2);
  expect(await db.apiKey.findUniqueOrThrow({ where: { id: revocable.key.id } })).toMatchObject({ revokedAt: null });
  expect(await db.auditEntry.count({ where: { accountId: account.id } })).toBe(before);

  // The same requests, from whoever may: what was refused above was refused for the reason alone.
  expect(await replay(create, { cookie: administrator, origin: baseURL })).toContain('"ok":true');
  expect(await replay(revoke, { cookie: administrator, origin: baseURL })).toContain('"ok":true');
  expect(await db.apiKey.findUniqueOrThrow({ where: { id: revocable.key.id } })).toMatchObject({
    revokedReason: "by_hand",
  });
});

test("an action names no account but its page's, and no field that it does not know", async ({
  page,
  partner,
  factories,
  signedInAs,
  db,
  baseURL,
}) => {
  const other = await factories.makePartnerWithPeople();
  const theirs = await factories.makeApiKey({ account: other.account, name: "Theirs" });
  await factories.makeApiKey({ account: partner.account, createdBy: partner.owner, name: "Ours" });
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  await chooseRowAction(page, "Ours", "Renew");
  const renew = await capture(page, () => page.getByRole("button", { name: "Renew key" }).click());
  await expect(page.getByText("“Ours” renewed", { exact: true })).toBeVisible();
  const cookie = await factories.makeSession(partner.owner);
  const foreign = { ...renew, body: JSON.stringify([partner.account.token, { id: theirs.key.id, revision: 1 }]) };
  expect(await replay(foreign, { cookie, origin: baseURL })).toContain('"code":"not_found"');
  const elsewhere = { ...renew, body: JSON.stringify([other.account.token, { id: theirs.key.id, revision: 1 }]) };
  expect(await replay(elsewhere, { cookie, origin: baseURL })).toContain('"code":"not_found"');
  const more = {
    ...renew,
    body: JSON.stringify([partner.account.token, { id: theirs.key.id, revision: 1, accountId: other.account.id }]),
  };
  expect(await replay(more, { cookie, origin: baseURL })).toContain('"code":"invalid_input"');
  expect(await db.apiKey.findUniqueOrThrow({ where: { id: theirs.key.id } })).toMatchObject({
    revision: 1,
    expiresAt: theirs.key.expiresAt,
  });
});
