import { createServer, request as sendRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";

import { createApiHandler } from "@/lib/public-api/application";
import type { Endpoint, UseListener } from "@/lib/public-api/define-endpoint";
import { answerCheck } from "@/lib/public-api/document/check-answer";
import { describeApi } from "@/lib/public-api/document/describe-api";
import { requestIdOf } from "@/lib/public-api/stages/request-id";

export interface TestCall {
  readonly token?: string;
  readonly method?: string;
  /** A list sends the header several times. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** Sends the body without saying how long it is. */
  readonly chunked?: boolean;
}

/** Any part of an answer: a test says what it wants to find there. */
export type Json = { readonly [part: string]: Json } & readonly Json[];

export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  readonly json: Json;
}

/** Sends one request over a real socket. */
export function call(
  port: number,
  path: string,
  { token, method = "GET", headers = {}, body, chunked = false }: TestCall = {},
): Promise<TestAnswer> {
  const key = token === undefined ? {} : { authorization: `Token ${token}` };
  const length = chunked
    ? { "transfer-encoding": "chunked" }
    : body === undefined
      ? {}
      : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const req = sendRequest(
      { host: "127.0.0.1", port, path, method, agent: false, headers: { ...key, ...length, ...headers } },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const isJson = res.headers["content-type"]?.includes("json") === true && text !== "";
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text,
            json: (isJson ? JSON.parse(text) : null) as Json,
          });
        });
      },
    );
    // A server that refuses a long body closes while it is still being sent.
    req.on("error", reject);
    req.end(body);
  });
}

interface JsonCall {
  readonly token: string;
  readonly account: { readonly token: string };
  readonly method: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call for an account, with a JSON body where one is given. */
export function jsonCall({ token, account, method, body, headers = {} }: JsonCall): TestCall {
  const named = { "account-token": account.token };
  if (body === undefined) return { token, method, headers: { ...named, ...headers } };
  return {
    token,
    method,
    headers: { ...named, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

export interface TestApi {
  readonly port: number;
  call(path: string, options?: TestCall): Promise<TestAnswer>;
  close(): Promise<void>;
}

/** The public API with these endpoints on a free port, without the edge, each answer held against its document; `ip` is where requests seem to come from. */
export async function serveForTests(
  endpoints: readonly Endpoint[],
  { ip, onUse = () => undefined }: { ip?: string; onUse?: UseListener } = {},
): Promise<TestApi> {
  const handle = createApiHandler(endpoints, onUse);
  const check = answerCheck(describeApi(endpoints, "http://localhost:3000"));
  const server = createServer((req, res) => {
    const requestId = requestIdOf(req.headers["x-request-id"]);
    res.setHeader("X-Request-Id", requestId);
    void handle(req, res, {
      path: (req.url ?? "").split("?")[0] ?? "",
      ip: ip ?? req.socket.remoteAddress ?? null,
      requestId,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    call: async (path, options) => {
      const answer = await call(port, path, options);
      const method = options?.method ?? "GET";
      const contradictions = check({ method, path, ...answer });
      expect(contradictions, `${method} ${path} contradicts the document`).toEqual([]);
      return answer;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
