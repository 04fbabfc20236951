import { describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { makeAccountWithPeople, makeSession } from "@/prisma/factories/accounts-and-keys";
import { defineUpload } from "./upload";
import type { RequestIdentity } from "@/lib/auth/session";

const session = vi.hoisted(() => ({ identity: null as RequestIdentity | null }));
vi.mock("@/lib/auth/session", async (original) => ({
  ...(await original<object>()),
  currentIdentity: () => Promise.resolve(session.identity),
}));

const MAX = 1024 * 1024;
const upload = defineUpload({
  permission: "imports.manage",
  input: z.strictObject({ name: z.string() }),
  maxBytes: MAX,
  run: (_permit, { name }, file) => Promise.resolve({ name, bytes: file.byteLength }),
});

async function send(body: BodyInit | null) {
  const { account, member } = await makeAccountWithPeople();
  session.identity = {
    sessionToken: await makeSession(member),
    requestedFrom: process.env.APP_URL ?? "",
    ip: "203.0.113.7",
    requestId: "test",
  };
  const request = new Request("http://localhost/x/imports/upload?name=fleet.csv", { method: "POST", body });
  const response = await upload(request, { params: Promise.resolve({ accountToken: account.token }) });
  return {
    status: response.status,
    cache: response.headers.get("cache-control"),
    json: (await response.json()) as unknown,
  };
}

describe("defineUpload", () => {
  it("takes a file to its last byte, and none", async () => {
    expect(await send(Buffer.alloc(MAX))).toEqual({
      status: 200,
      cache: "no-store",
      json: { ok: true, value: { name: "fleet.csv", bytes: MAX } },
    });
    expect((await send(null)).json).toEqual({ ok: true, value: { name: "fleet.csv", bytes: 0 } });
  });

  it("refuses one byte more", async () => {
    expect(await send(Buffer.alloc(MAX + 1))).toMatchObject({
      status: 422,
      json: { ok: false, error: { code: "invalid_input", fields: { file: [expect.stringContaining("1 MB")] } } },
    });
  });

  it("waits for the rest no longer than its sender is there, and gives his place back", async () => {
    const { account, member } = await makeAccountWithPeople();
    session.identity = {
      sessionToken: await makeSession(member),
      requestedFrom: process.env.APP_URL ?? "",
      ip: "203.0.113.7",
      requestId: "test",
    };
    const context = { params: Promise.resolve({ accountToken: account.token }) };
    const begin = (init: RequestInit) =>
      upload(new Request("http://localhost/x/imports/upload?name=fleet.csv", { method: "POST", ...init }), context);
    const sender = new AbortController();
    const endless = () => new ReadableStream({ pull: () => new Promise(() => undefined) });
    const under = [1, 2, 3].map(() => begin({ body: endless(), duplex: "half", signal: sender.signal } as RequestInit));
    await vi.waitFor(async () => expect((await begin({ body: null })).status).toBe(429));
    sender.abort();
    expect((await Promise.all(under)).map(({ status }) => status)).toEqual([400, 400, 400]);
    expect((await begin({ body: null })).status).toBe(200);
  });
});
