import "server-only";

import { scopeResource } from "@/lib/auth/scopes";
import { callHost, codeOf, excerptOf, NoAnswerError, type HostAnswer } from "./call-host";
import type { HostAccess } from "./host-access";
import { lackingScopes, type Verdict } from "./policy";

/** For the whole check: nobody waits longer, be it a person or a worker. */
const LONGEST_CHECK_MS = 12_000;
/** A partner of 2,000 customers. */
const MOST_PAGES = 20;

const verdict = (status: Verdict["status"], reason: string): Verdict => ({
  status,
  reason,
  expiresAt: null,
  scopes: [],
});

/** Why a host does not accept a key, where it says so by a code of the wire format. */
const REFUSED_KEYS: Readonly<Record<string, string>> = {
  key_revoked: "The host says that this key was revoked. Make a new one there.",
  key_expired: "The host says that this key has expired. Make a new one there.",
  key_superseded: "The host says that a newer token of this key has replaced it. Use the newer one.",
  key_unknown: "The host does not know this key. Copy it again, whole.",
};

const NOT_ALLOWED: Readonly<Record<string, string>> = {
  insufficient_scope: "The key may not read vehicles: it lacks the scope vehicles.read.",
  plan_required: "The plan of the account there has no API access.",
  account_inactive: "The account there is not active.",
};

/** One check of one credential: what it asks with, and for how long. */
interface Check {
  readonly access: HostAccess;
  readonly askedFor: string;
  readonly endsAt: number;
}

async function ask({ access, askedFor, endsAt }: Check, path: string, withAccount = true): Promise<HostAnswer> {
  const timeoutMs = Math.round(endsAt - performance.now());
  if (timeoutMs <= 0) throw new NoAnswerError(`The host took longer than ${LONGEST_CHECK_MS / 1000} s altogether.`);
  return callHost({ access, askedFor, path, withAccount, timeoutMs });
}

/** A list, as an array or in an envelope; null where it is none. */
function listIn({ value }: HostAnswer): { readonly records: readonly unknown[]; readonly next: string | null } | null {
  if (Array.isArray(value)) return { records: value, next: null };
  if (typeof value !== "object" || value === null || !("records" in value) || !Array.isArray(value.records))
    return null;
  const next = "next_cursor" in value && typeof value.next_cursor === "string" ? value.next_cursor : null;
  return { records: value.records, next };
}

function unexpected(answer: HostAnswer, { access }: Check): Verdict {
  const { status } = answer;
  const said = excerptOf(answer, access);
  if (status >= 200 && status < 300)
    return verdict("unreachable", "What answers at this address is no API of this kind: it sent no list.");
  if (status === 404) return verdict("unreachable", "There is no such API at this address: it answered 404.");
  if (status === 429) return verdict("unreachable", "The host is asked too often at the moment: it answered 429.");
  return verdict("unreachable", `The host answered with the status ${status}${said === null ? "." : `: “${said}”`}`);
}

function refusedKey(answer: HostAnswer, { access }: Check): Verdict {
  const known = REFUSED_KEYS[codeOf(answer) ?? ""];
  if (known !== undefined) return verdict("refused", known);
  const said = excerptOf(answer, access);
  return verdict("refused", `The host does not accept this key${said === null ? "." : `: “${said}”`}`);
}

const tokenOf = (account: unknown) =>
  typeof account === "object" && account !== null && "token" in account ? account.token : null;

/** Whether the key is accepted, and reaches the account: by itself, so that the host speaks of nothing else. Null = yes, or it does not say. */
async function checkKey(check: Check): Promise<Verdict | null> {
  let cursor = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(check, `/accounts?per_page=100${cursor}`, false);
    const { status } = answer;
    if (status === 401 || (status === 403 && codeOf(answer) === "ip_not_allowed")) return refusedKey(answer, check);
    // What it may list says nothing of what it may read.
    if (status === 403) return null;
    const list = status === 200 ? listIn(answer) : null;
    if (list === null) return unexpected(answer, check);
    if (list.records.some((account) => tokenOf(account) === check.access.accountToken)) return null;
    if (list.next === null)
      return verdict(
        "wrong_account",
        "The key reaches no account with this token. Copy it from the account's page there.",
      );
    cursor = `&start_cursor=${encodeURIComponent(list.next)}`;
  }
  return null;
}

/** Whether it may read the account's data. Null = yes. */
async function checkData(check: Check): Promise<Verdict | null> {
  const answer = await ask(check, "/vehicles?per_page=1");
  const { status } = answer;
  if (status === 401) return verdict("wrong_account", "The host does not accept this account token with this key.");
  if (status !== 403) return status === 200 && listIn(answer) !== null ? null : unexpected(answer, check);
  const known = NOT_ALLOWED[codeOf(answer) ?? ""];
  const said = excerptOf(answer, check.access);
  return verdict(
    "lacks_scope",
    known ?? `The host lets the key read no vehicles${said === null ? "." : `: “${said}”`}`,
  );
}

function sayLacking(scopes: readonly string[]): string | null {
  const lacking = lackingScopes(scopes).map(scopeResource);
  return scopes.length === 0 || lacking.length === 0 ? null : `The key may not read ${lacking.join(", ")}.`;
}

const MOST_SCOPES = 100;

function isScope(scope: unknown): scope is string {
  return typeof scope === "string" && /^[a-z_]{1,40}\.(read|write)$/.test(scope);
}

/** What the host tells of the key itself; nothing where it has no such endpoint, or does not answer in time. */
async function readKeyFacts(check: Check): Promise<Pick<Verdict, "expiresAt" | "scopes">> {
  const answer = await ask(check, "/api_key").catch((error: unknown) => {
    if (error instanceof NoAnswerError) return null;
    throw error;
  });
  const { status, value } = answer ?? { status: 0, value: null };
  const facts = status === 200 && typeof value === "object" && value !== null ? value : {};
  const end = "expires_at" in facts && typeof facts.expires_at === "string" ? new Date(facts.expires_at) : null;
  const scopes = "scopes" in facts && Array.isArray(facts.scopes) ? facts.scopes : [];
  return {
    expiresAt: end === null || Number.isNaN(end.getTime()) ? null : end,
    scopes: scopes.filter(isScope).slice(0, MOST_SCOPES),
  };
}

/**
 * Asks the host whether the credential works: the key by itself, then with the account, then what the host tells of it.
 * @param askedFor the token of our account whose credential it is
 */
export async function runCheck(access: HostAccess, askedFor: string): Promise<Verdict> {
  const check = { access, askedFor, endsAt: performance.now() + LONGEST_CHECK_MS };
  try {
    const refused = await checkKey(check);
    if (refused !== null) return refused;
    const limited = await checkData(check);
    if (limited !== null && limited.status !== "lacks_scope") return limited;
    const facts = await readKeyFacts(check);
    return { status: "valid", reason: sayLacking(facts.scopes), ...limited, ...facts };
  } catch (error) {
    if (error instanceof NoAnswerError) return verdict("unreachable", error.message);
    throw error;
  }
}
