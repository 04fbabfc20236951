import { z } from "zod";

import { parseHostException, type HostException } from "./outside/address-guard";
import { readDatabaseAddress } from "./database/address";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const SECRET = "needs at least 32 characters; `openssl rand -base64 48` makes one";
const secret = z.string(SECRET).min(32, SECRET);
/** What a secret was before a rotation, or will be after it: separated by commas, with spaces around them or not. */
const secrets = z
  .string()
  .default("")
  .transform((value) => {
    const entries = value.split(",").filter((entry) => entry.trim() !== "");
    // A secret itself is taken as it stands: one that begins or ends with a space is one of these too.
    return [...new Set(entries.flatMap((entry) => [entry.trim(), entry]))];
  })
  .pipe(z.array(z.string().min(32, "each needs at least 32 characters")));

function readKeyRing(text: string, context: z.RefinementCtx): Record<string, string> {
  try {
    return z.record(z.string(), z.string().startsWith("-----BEGIN PUBLIC KEY-----")).parse(JSON.parse(text));
  } catch {
    context.addIssue({
      code: "custom",
      message: 'needs JSON such as {"key identifier": "-----BEGIN PUBLIC KEY-----…"}',
    });
    return z.NEVER;
  }
}

function readAddress(text: string, context: z.RefinementCtx): string {
  try {
    return readDatabaseAddress(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "needs an address" });
    return z.NEVER;
  }
}

function readHostExceptions(text: string, context: z.RefinementCtx): HostException[] {
  const entries = text.split(",").map((entry) => entry.trim());
  return entries.filter(Boolean).flatMap((entry) => {
    try {
      return [parseHostException(entry)];
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "needs hosts" });
      return [];
    }
  });
}

/** A host inside that the connectors of one account, or of every one (null), may ask. */
export interface ConnectorException extends HostException {
  readonly account: string | null;
}

function readConnectorExceptions(text: string, context: z.RefinementCtx): ConnectorException[] {
  const entries = text.split(",").map((entry) => entry.trim());
  return entries.filter(Boolean).flatMap((entry) => {
    const [, account = null, host = ""] = /^(?:([0-9a-f]{10})=)?(.*)$/s.exec(entry) ?? [];
    return readHostExceptions(host, context).map((exception) => ({ ...exception, account }));
  });
}

/** Every variable the process reads. `.env.example` lists the same names (a test compares them). */
const environment = z
  .object({
    NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
    APP_URL: z
      .url({ protocol: /^https?$/, error: "needs the full public address, such as https://hub.example.com" })
      .transform((value) => new URL(value).origin)
      .default("http://localhost:3000"),
    INTERNAL_URL: z
      .url({
        protocol: /^https?$/,
        error: "needs the address where this process reaches the API, such as http://10.0.0.5:3000",
      })
      .transform((value) => new URL(value).origin)
      .optional(),
    HOST: z.string().min(1).optional(),
    PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
    DATABASE_URL: z.string("needs a postgresql:// address").transform(readAddress),
    MIGRATION_DATABASE_URL: z.string().transform(readAddress).optional(),
    DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
    HUB_EMBEDDED: flag.default(false),
    STOP_ON_NEW_TIMELINE: flag.default(false),
    HUB_ROLES: z
      .string()
      .default("web,api,worker")
      .transform((value) => value.split(",").map((role) => role.trim()))
      .pipe(z.array(z.enum(["web", "api", "worker"])).min(1)),
    AUTH_SECRET: secret,
    AUTH_SECRET_PREVIOUS: secrets,
    AUDIT_SECRET: secret,
    DATA_SECRET: secret.optional(),
    DATA_SECRET_PREVIOUS: secrets,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/, "needs 32 bytes in base64; `openssl rand -base64 32` makes them")
      .optional(),
    OIDC_ISSUER: z
      .url({ protocol: /^https?$/, error: "needs the issuer's address, such as https://login.example.com" })
      .optional(),
    OIDC_CLIENT_ID: z.string().min(1).optional(),
    OIDC_CLIENT_SECRET: z.string().min(1).optional(),
    OIDC_TRUST_EMAIL: flag.default(false),
    OIDC_NAME: z.string().min(1).max(60).default("single sign-on"),
    METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    METRICS_TOKEN: z.string().min(16, "needs at least 16 characters").optional(),
    RESEND_API_KEY: z.string().min(1).optional(),
    RESEND_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
    RESEND_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{24,}={0,2}$/, "starts with whsec_; Resend shows it beside the webhook")
      .optional(),
    MAIL_FROM: z.string().min(3).default("Fleet Advisor Hub <hub@localhost>"),
    TRUSTED_PROXIES: z
      .string()
      .default("")
      .transform((value) =>
        value
          .split(",")
          .map((entry) => entry.trim())
          .filter(Boolean),
      ),
    DRAIN_SECONDS: z.coerce.number().int().min(0).max(60).optional(),
    WEBHOOK_ALLOWED_PRIVATE_HOSTS: z.string().default("").transform(readHostExceptions),
    CONNECTOR_ALLOWED_PRIVATE_HOSTS: z.string().default("").transform(readConnectorExceptions),
    MAX_ACTIVE_KEYS_PER_ACCOUNT: z.coerce.number().int().min(1).max(1000).default(50),
    RATE_LIMIT_STORE: z.enum(["memory", "postgres"]).default("memory"),
    RATE_LIMIT_PROFESSIONAL: z.coerce.number().int().min(1).default(300),
    RATE_LIMIT_PREMIUM: z.coerce.number().int().min(1).default(1200),
    SECRET_SCANNING_KEYS: z.string().transform(readKeyRing).optional(),
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  })
  .superRefine(needMail)
  .superRefine(needWholeOidc);

interface Given {
  readonly NODE_ENV: string;
  readonly HUB_EMBEDDED: boolean;
  readonly RESEND_API_KEY?: string | undefined;
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
}

function needMail({ RESEND_API_KEY, HUB_EMBEDDED, NODE_ENV }: Given, context: z.RefinementCtx): void {
  if (RESEND_API_KEY !== undefined || HUB_EMBEDDED || NODE_ENV !== "production") return;
  const message =
    "sign-in links and notices are mailed by Resend; only the embedded and development modes keep mails on this machine";
  context.addIssue({ code: "custom", path: ["RESEND_API_KEY"], message });
}

function needWholeOidc(given: Given, context: z.RefinementCtx): void {
  const names = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const;
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length === names.length) return;
  for (const name of missing) {
    context.addIssue({ code: "custom", path: [name], message: `single sign-on needs all of ${names.join(", ")}` });
  }
  if (given.OIDC_ISSUER === undefined || !URL.canParse(given.OIDC_ISSUER)) return;
  const { protocol, hostname } = new URL(given.OIDC_ISSUER);
  if (protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname)) return;
  context.addIssue({ code: "custom", path: ["OIDC_ISSUER"], message: "needs https, except on this machine" });
}

export type Environment = z.output<typeof environment>;

/** The names `.env.example` must list. */
export const ENVIRONMENT_NAMES = Object.keys(environment.shape);

/** Told by its name, as every end of a start that was foreseen. */
class EnvironmentRefusal extends Error {
  override readonly name = "Refusal";
}

/**
 * Reads and checks the environment.
 * @throws EnvironmentRefusal whose message is one sentence per wrong variable, naming it: the start prints it and stops.
 */
export function readEnvironment(source: Record<string, string | undefined> = process.env): Environment {
  // An empty value in a .env file means "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const what = given[name] === undefined ? "is not set" : "has a wrong value";
    return `${name} ${what}: ${issue.message}. See .env.example.`;
  });
  throw new EnvironmentRefusal([...new Set(sentences)].join("\n"));
}

let cached: Environment | undefined;

/** The checked environment of this process, read on first use (a build does not need a database). */
export function env(): Environment {
  cached ??= readEnvironment();
  return cached;
}
