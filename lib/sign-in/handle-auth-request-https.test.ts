import { expect, it } from "vitest";

process.env.APP_URL = "https://hub.example.com";
const { handleAuthRequest } = await import("./handle-auth-request");
const { createSignInLink } = await import("./create-sign-in-link");
const { makeAccount, makePerson } = await import("@/prisma/factories/accounts-and-keys");

it("on https the cookie is Secure by its name as well", async () => {
  const { email } = await makePerson(await makeAccount(), "member");
  const { token } = await createSignInLink(email);
  // As a proxy would hand it on: what counts is the configured address.
  const request = new Request("http://10.0.0.5:3000/api/auth/callback/email", {
    method: "POST",
    headers: { origin: "https://hub.example.com", host: "evil.example", "x-forwarded-host": "evil.example" },
    body: new URLSearchParams({ token, email }),
  });
  const response = await handleAuthRequest(request);
  expect(response.headers.get("location")).toBe("https://hub.example.com/");
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Secure-fleet-advisor-hub\.session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ]);
});
