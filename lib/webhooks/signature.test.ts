import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";

import { signatureHeaders, type SignedParts } from "./signature";

const newSharedKey = () => `whsec_${randomBytes(32).toString("base64")}`;

function opensslHmac(key: string, body: string): string {
  const { stdout, status } = spawnSync("openssl", ["dgst", "-sha256", "-hmac", key, "-r"], {
    input: body,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  return stdout.split(" ")[0] ?? "";
}

function signed(sharedKeys: SignedParts["sharedKeys"], body: string, sentAt = new Date()) {
  return signatureHeaders({ sharedKeys, messageId: "msg_2gn0pr1aK9", sentAt, body });
}

const BODIES = [
  ["plain", '{"id":"msg_1","event":"vehicle_created","payload":{"name":"Truck 7"}}'],
  ["beyond ASCII", '{"name":"Käfer 🚚 \\u2028 漢字"}'],
  ["with line breaks and spaces at its end", '{\r\n  "a": 1\n}\n  '],
  ["long", JSON.stringify({ text: "x".repeat(200_000) })],
] as const;

describe.each(BODIES)("a body, %s", (_case, body) => {
  const key = newSharedKey();

  it("is accepted by the public library of Standard Webhooks, with this key alone", () => {
    const headers = signed([key], body);
    expect(() => new Webhook(key).verify(body, headers, { jsonParse: false })).not.toThrow();
    expect(() => new Webhook(newSharedKey()).verify(body, headers, { jsonParse: false })).toThrow(/No matching/);
    expect(() => new Webhook(key).verify(`${body} `, headers, { jsonParse: false })).toThrow(/No matching/);
  });

  it("has the signature that openssl gives", () => {
    const headers = signed([key], body);
    expect(headers["x-fleetio-webhook-signature"]).toBe(opensslHmac(key, body));
    expect(headers).not.toHaveProperty("x-fleetio-webhook-signature-previous");
  });

  it("is signed with both keys while one is replaced", () => {
    const [current, previous] = [newSharedKey(), newSharedKey()];
    const headers = signed([current, previous], body);
    for (const held of [current, previous]) {
      expect(() => new Webhook(held).verify(body, headers, { jsonParse: false })).not.toThrow();
    }
    expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect(headers["x-fleetio-webhook-signature"]).toBe(opensslHmac(current, body));
    expect(headers["x-fleetio-webhook-signature-previous"]).toBe(opensslHmac(previous, body));
  });
});

describe("the moment", () => {
  it("is signed too: a receiver refuses what is old", () => {
    const key = newSharedKey();
    const headers = signed([key], "{}", new Date(Date.now() - 6 * 60_000));
    expect(() => new Webhook(key).verify("{}", headers)).toThrow(/too old/);
    const renewed = { ...headers, "webhook-timestamp": String(Math.floor(Date.now() / 1000)) };
    expect(() => new Webhook(key).verify("{}", renewed)).toThrow(/No matching/);
  });
});

describe("a key of another form", () => {
  it("signs by its own bytes", () => {
    const key = "a-shared-key-from-elsewhere";
    const headers = signed([key], "{}");
    expect(() => new Webhook(key, { format: "raw" }).verify("{}", headers)).not.toThrow();
    expect(headers["x-fleetio-webhook-signature"]).toBe(opensslHmac(key, "{}"));
  });
});
