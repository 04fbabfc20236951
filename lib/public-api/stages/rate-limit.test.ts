import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { getCallingApiKey } from "@/lib/api-keys/endpoints";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { quotaOf } from "../rate-limiter";
import { serveForTests, type TestApi } from "@/testing/serve-api";

let api: TestApi;
let partner: Awaited<ReturnType<typeof makePartnerWithPeople>>;
let key: Awaited<ReturnType<typeof makeApiKey>>;

beforeAll(async () => {
  api = await serveForTests([getCallingApiKey]);
  partner = await makePartnerWithPeople();
});
afterAll(() => api.close());
beforeEach(async () => {
  key = await makeApiKey({ account: partner.account });
  await bookkeepingDb().apiKey.update({ where: { id: key.key.id }, data: { rateLimitPerMinute: 5 } });
});

describe("the rate limit", () => {
  it("is by plan, and the key's own where the operator set one", () => {
    expect(quotaOf({ plan: "professional", ownQuota: null })).toBe(300);
    expect(quotaOf({ plan: "premium", ownQuota: null })).toBe(1200);
    expect(quotaOf({ plan: "premium", ownQuota: 7 })).toBe(7);
  });

  it("tells the quota and what is left in every answer", async () => {
    const { headers } = await api.call("/api/v1/api_key", { token: key.token });
    expect(headers["ratelimit-policy"]).toBe('"minute";q=5;w=60');
    expect(headers.ratelimit).toMatch(/^"minute";r=4;t=(60|59|58)$/);
  });

  it("lets exactly the quota through, however many come at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.call("/api/v1/api_key", { token: key.token })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(15);
    for (const { headers, json } of refused) {
      expect(headers["retry-after"]).toMatch(/^([1-9]|[1-5]\d|60)$/);
      expect(Object.keys(json)).toEqual(["error"]);
      expect(headers.ratelimit).toContain(";r=0;");
    }
  });

  it("counts each key for itself", async () => {
    const other = await makeApiKey({ account: partner.account });
    for (let request = 0; request < 6; request += 1) await api.call("/api/v1/api_key", { token: key.token });
    expect((await api.call("/api/v1/api_key", { token: key.token })).status).toBe(429);
    expect((await api.call("/api/v1/api_key", { token: other.token })).status).toBe(200);
  });

  it("is told by a refusal before the counting too, and that costs nothing", async () => {
    const account = await makeAccount({ kind: "partner", plan: "premium", status: "suspended" });
    const { token } = await makeApiKey({ account });
    for (let request = 0; request < 2; request += 1) {
      const { status, headers } = await api.call("/api/v1/api_key", { token });
      expect(status).toBe(403);
      expect(headers.ratelimit).toContain(";r=1200;");
    }
  });

  it("is not told to somebody unknown", async () => {
    const { headers } = await api.call("/api/v1/api_key", {});
    expect(headers.ratelimit).toBeUndefined();
  });
});
