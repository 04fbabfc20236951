import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import * as endpoints from "./endpoints";

let api: TestApi;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());

describe("GET /users/me", () => {
  it.each([
    ["owner", "owner"],
    ["administrator", "admin"],
    ["member", "regular"],
  ] as const)("200: is the %s that a customer's key acts for, whatever Account-Token says", async (role, userType) => {
    const account = await makeAccount();
    const person = await makePerson(account, role, { name: "Ada King Lovelace" });
    const { token } = await makeApiKey({ account, createdBy: person, scopes: ["vehicles.read"] });
    const membership = await bookkeepingDb().membership.findFirstOrThrow({ where: { userId: person.id } });
    for (const accountToken of [account.token, "0000000000", ""]) {
      const { status, json } = await api.call("/api/v1/users/me", {
        token,
        headers: { "account-token": accountToken },
      });
      expect(status).toBe(200);
      expect(json).toEqual({
        id: person.id,
        created_at: person.createdAt.toISOString(),
        updated_at: person.createdAt.toISOString(),
        account_id: account.id,
        account_membership_id: membership.id,
        email: person.email,
        username: person.email,
        name: "Ada King Lovelace",
        first_name: "Ada",
        last_name: "King Lovelace",
        user_type: userType,
        service_user: false,
        time_zone: "UTC",
        default_image_url: null,
        group_id: null,
        group_name: null,
      });
    }
  });

  it("200: is a service user named after a partner's key", async () => {
    const account = await makeAccount({ kind: "partner" });
    const { key, token } = await makeApiKey({ account, name: "Nightly sync" });
    const { status, json } = await api.call("/api/v1/users/me", { token });
    expect([status, json]).toEqual([
      200,
      expect.objectContaining({
        id: key.id,
        name: "Nightly sync",
        first_name: "Nightly sync",
        last_name: null,
        email: null,
        account_membership_id: null,
        user_type: "admin",
        service_user: true,
      }),
    ]);
  });

  it("401: without a key", async () => {
    expect((await api.call("/api/v1/users/me")).status).toBe(401);
  });
});
