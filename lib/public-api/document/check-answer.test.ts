import { describe, expect, it } from "vitest";
import { z } from "zod";

import { ENDPOINTS } from "@/server/api";
import { defineEndpoint } from "../define-endpoint";
import { readId } from "../stages/parse";
import { answerCheck, type CheckedAnswer } from "./check-answer";
import { describeApi } from "./describe-api";

const getEcho = defineEndpoint({
  method: "GET",
  path: "/echoes/:id",
  resource: "echoes",
  permission: "accounts.list",
  account: "ownAccount",
  input: readId,
  run: (_permit, { id }) => Promise.resolve({ id }),
  present: ({ id }) => ({ id, at: "2026-11-22T10:00:00.000Z" }),
  shape: z.strictObject({ id: z.int(), at: z.string().meta({ format: "date-time" }) }),
});
const check = answerCheck(describeApi([getEcho], "http://localhost:3000"));
const whole = answerCheck(describeApi(ENDPOINTS, "http://localhost:3000"));

const HEADERS = {
  "x-request-id": "r-1",
  "cache-control": "no-store",
  "content-type": "application/json; charset=utf-8",
  ratelimit: '"minute";r=1;t=2',
  "ratelimit-policy": '"minute";q=300;w=60',
  "x-api-version": "2025-05-05",
  etag: '"0-0123abcd"',
};
const answer = (change: Partial<CheckedAnswer> = {}): CheckedAnswer => ({
  method: "GET",
  path: "/api/v1/echoes/1?x=1",
  status: 200,
  headers: HEADERS,
  text: JSON.stringify({ id: 1, at: "2026-11-22T10:00:00.000Z" }),
  ...change,
});
const problem = JSON.stringify({
  type: "about:blank",
  title: "x",
  status: 404,
  detail: "x",
  instance: "r-1",
  code: "not_found",
});
const asProblem = { ...HEADERS, "content-type": "application/problem+json" };

describe("an answer held against the document", () => {
  it("fits, under each spelling of the address", () => {
    for (const path of ["/api/v1/echoes/1", "/api/v2/echoes/1/", "/api/echoes/1?q=2"])
      expect(check(answer({ path }))).toEqual([]);
    expect(check(answer({ method: "HEAD", text: "" }))).toEqual([]);
    expect(check(answer({ status: 404, headers: asProblem, text: problem }))).toEqual([]);
  });

  it.each<[string, Partial<CheckedAnswer>]>([
    ["a field is missing", { text: '{"id":1}' }],
    ["a field is too many", { text: '{"id":1,"at":"2026-11-22T10:00:00Z","token":"x"}' }],
    ["a field has another type", { text: '{"id":"1","at":"2026-11-22T10:00:00Z"}' }],
    ["a time is none", { text: '{"id":1,"at":"yesterday"}' }],
    ["a status is not told", { status: 418 }],
    ["a fault is no answer", { status: 500, headers: asProblem, text: problem }],
    ["a header is missing", { headers: { ...HEADERS, ratelimit: undefined } }],
    ["a header says something else", { headers: { ...HEADERS, "cache-control": "public" } }],
    ["the type is another", { headers: { ...HEADERS, "content-type": "text/html" } }],
    [
      "the refusal has a code of its own",
      { status: 404, headers: asProblem, text: problem.replace("not_found", "gone") },
    ],
    ["an unknown method is served", { method: "DELETE" }],
    ["an unknown address is served", { path: "/api/v1/echoes" }],
  ])("contradicts it when %s", (_what, change) => {
    expect(check(answer(change))).not.toEqual([]);
  });

  it("is held against the shape of the version that it names, not of any", () => {
    const array = {
      path: "/api/v1/vehicle_types",
      text: "[]",
      headers: { ...HEADERS, "x-change-sequence": "0123456789ab.7" },
    };
    expect(whole(answer({ ...array, headers: { ...array.headers, "x-api-version": "2023-03-01" } }))).toEqual([]);
    expect(whole(answer(array))).not.toEqual([]);
  });
});
