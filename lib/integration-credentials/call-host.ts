import "server-only";

import { env } from "@/lib/platform/env";
import { connectorClient, connectorExceptions } from "@/lib/platform/outside/connector-client";
import { OutsideError } from "@/lib/platform/outside/outside-client";
import { redactSecrets } from "@/lib/platform/secret-patterns";
import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { API_PATH, withoutSecret, type HostAccess } from "./host-access";

/** Longer than an honest host takes, and short enough that somebody waits for it. */
const TIMEOUT_MS = 5_000;
/** A hundred accounts are 100 kB. */
const MOST_READ_BYTES = 2_000_000;
const LONGEST_EXCERPT = 200;

export interface HostAnswer {
  readonly status: number;
  /** What the body says; undefined where it is no JSON, or longer than is read. */
  readonly value: unknown;
}

/** No answer came. Its message is for people. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** Who asks a host: the account whose credential it is. */
export interface HostCall {
  readonly access: HostAccess;
  /** The token of our account: which hosts inside are excepted is decided by it. */
  readonly askedFor: string;
  /** Below the place where the API begins, with its query. */
  readonly path: string;
  /** Without it the host says of the key alone, and nothing of the account. */
  readonly withAccount?: boolean;
  /** In milliseconds. */
  readonly timeoutMs?: number;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One GET, no redirect followed. @throws NoAnswerError */
export async function callHost({
  access,
  askedFor,
  path,
  withAccount = true,
  timeoutMs,
}: HostCall): Promise<HostAnswer> {
  const { baseUrl, accountToken, apiKey } = access;
  try {
    const { status, body, isCut } = await connectorClient().request({
      method: "GET",
      url: `${baseUrl ?? `${env().APP_URL}${API_PATH}`}${path}`,
      headers: {
        Authorization: `Token ${apiKey}`,
        ...(withAccount && { "Account-Token": accountToken }),
        Accept: "application/json",
        "User-Agent": "Fleet-Advisor-Hub",
        "X-Api-Version": LATEST_API_VERSION,
      },
      ownPart: "api",
      exceptions: connectorExceptions(askedFor),
      timeoutMs: Math.min(timeoutMs ?? TIMEOUT_MS, TIMEOUT_MS),
      mostReadBytes: MOST_READ_BYTES,
    });
    return { status, value: isCut ? undefined : readJson(body) };
  } catch (error) {
    if (error instanceof OutsideError) throw new NoAnswerError(error.message);
    throw error;
  }
}

function textIn(value: unknown, names: readonly string[]): string | null {
  if (typeof value !== "object" || value === null) return null;
  const found = names.map((name) => (value as Readonly<Record<string, unknown>>)[name]);
  return found.find((part): part is string => typeof part === "string" && part !== "") ?? null;
}

/** What kind of refusal it is, as the wire format names it; null where the host does not say. */
export function codeOf({ value }: HostAnswer): string | null {
  return textIn(value, ["code"]);
}

/** What the host itself says of a refusal, as far as it may be kept and shown: in one line, and without the secret. */
export function excerptOf({ value }: HostAnswer, access: HostAccess): string | null {
  const text = textIn(value, ["detail", "message", "error", "title"]);
  if (text === null) return null;
  const line = redactSecrets(withoutSecret(text, access))
    .replaceAll(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}…` : line;
}
