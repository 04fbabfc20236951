import { randomBytes, randomUUID } from "node:crypto";

import type { Account, ApiKey, Membership, Prisma, User } from "@/generated/prisma/client";
import { addMonths, endOfTerm, warnDaysFor } from "@/lib/api-keys/policy";
import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import type { Permission, Role } from "@/lib/auth/permissions";
import { authorize, type Permit } from "@/lib/auth/permit";
import { hashSessionToken } from "@/lib/auth/session-cookie";
import { databaseNow } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Ten hex digits, as every account has them. */
function accountToken(): string {
  return randomBytes(5).toString("hex");
}

type AccountChoice = Partial<Omit<Prisma.AccountUncheckedCreateInput, "id">>;

/** A customer on the professional plan of no partner, unless told otherwise. */
export function makeAccount(choice: AccountChoice = {}): Promise<Account> {
  const token = accountToken();
  const data = {
    kind: "customer",
    plan: "professional",
    status: "active",
    token,
    name: `Account ${token}`,
    ...choice,
  } as const;
  return bookkeepingDb().account.create({ data });
}

export function makeUser(choice: Partial<Omit<Prisma.UserUncheckedCreateInput, "id">> = {}): Promise<User> {
  const mark = randomBytes(5).toString("hex");
  return bookkeepingDb().user.create({
    data: { email: `person-${mark}@example.com`, name: `Person ${mark}`, ...choice },
  });
}

interface MembershipChoice {
  readonly user: Pick<User, "id">;
  readonly account: Pick<Account, "id">;
  readonly role: Role;
  /** The customers reached by a limited membership; left out = not limited. */
  readonly limitedTo?: readonly Pick<Account, "id">[];
}

export function makeMembership({ user, account, role, limitedTo }: MembershipChoice): Promise<Membership> {
  return bookkeepingDb().membership.create({
    data: {
      userId: user.id,
      accountId: account.id,
      role,
      limited: limitedTo !== undefined,
      customers: { create: (limitedTo ?? []).map(({ id }) => ({ accountId: id })) },
    },
  });
}

/** A new user with a role in the account. */
export async function makePerson(
  account: Pick<Account, "id">,
  role: Role,
  choice: Parameters<typeof makeUser>[0] = {},
): Promise<User> {
  const user = await makeUser(choice);
  await makeMembership({ user, account, role });
  return user;
}

export interface AccountWithPeople {
  readonly account: Account;
  readonly owner: User;
  readonly administrator: User;
  readonly member: User;
}

/** An account of either kind with one person of each role. */
export async function makeAccountWithPeople(choice: AccountChoice = {}): Promise<AccountWithPeople> {
  const account = await makeAccount(choice);
  return {
    account,
    owner: await makePerson(account, "owner"),
    administrator: await makePerson(account, "administrator"),
    member: await makePerson(account, "member"),
  };
}

export interface PartnerWithPeople extends AccountWithPeople {
  readonly customers: readonly [Account, Account, Account];
  /** An administrator who reaches the first customer alone. */
  readonly limited: User;
}

/** A partner with three customers, one person of each role and a limited administrator. */
export async function makePartnerWithPeople(choice: AccountChoice = {}): Promise<PartnerWithPeople> {
  const people = await makeAccountWithPeople({ kind: "partner", plan: "premium", ...choice });
  const partnerId = people.account.id;
  const customers = [
    await makeAccount({ partnerId }),
    await makeAccount({ partnerId }),
    await makeAccount({ partnerId }),
  ] as const;
  const limited = await makeUser();
  await makeMembership({ user: limited, account: people.account, role: "administrator", limitedTo: [customers[0]] });
  return { ...people, customers: [...customers], limited };
}

export type KeyState = "active" | "expiring" | "expired" | "revoked" | "reportedLeaked" | "ownerLeft";

export interface ApiKeyChoice {
  readonly account: Pick<Account, "id">;
  readonly createdBy?: Pick<User, "id"> | null;
  /** `active` unless told otherwise; what it implies is overridden by the dates below. */
  readonly state?: KeyState;
  readonly name?: string;
  readonly apiVersion?: string;
  readonly scopes?: readonly string[];
  /** The chosen few; left out = all customers. */
  readonly customers?: readonly Pick<Account, "id">[];
  readonly allowedIps?: readonly string[];
  /** The term: 12 months unless told otherwise. */
  readonly termMonths?: number;
  readonly termDays?: number;
  readonly createdAt?: Date;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
  readonly revokedBy?: Pick<User, "id">;
  /** Left out = never used. */
  readonly lastUse?: { readonly at: Date; readonly ip?: string; readonly client?: string };
  /** Regenerated: the token before it goes on until then, or has stopped then. */
  readonly oldTokenUntil?: Date;
  /** The database's clock where left out. */
  readonly now?: Date;
}

export interface MadeApiKey {
  readonly key: ApiKey;
  readonly token: string;
  /** The token before the regeneration, where there was one. */
  readonly oldToken: string | null;
}

const REVOKED_REASONS = { revoked: "by_hand", reportedLeaked: "reported_leaked", ownerLeft: "owner_left" } as const;

function datesOf(choice: ApiKeyChoice, now: Date): { createdAt: Date; expiresAt: Date; revokedAt: Date | null } {
  const { state = "active", termMonths = 12, termDays } = choice;
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const backFrom = (end: Date) =>
    termDays === undefined ? addMonths(end, -termMonths) : new Date(end.getTime() - termDays * DAY_MS);
  const endFrom = (start: Date) =>
    endOfTerm(termDays === undefined ? { months: termMonths } : { days: termDays }, start);
  const ends: Partial<Record<KeyState, Date>> = { expiring: ago(-20), expired: ago(1) };
  const end = choice.expiresAt ?? (choice.createdAt ? undefined : ends[state]);
  const createdAt =
    choice.createdAt ?? (end ? backFrom(end) : new Date(Math.max(ago(30).getTime(), backFrom(ago(-1)).getTime())));
  const revoked = state in REVOKED_REASONS ? (choice.revokedAt ?? ago(1)) : null;
  return { createdAt, expiresAt: end ?? endFrom(createdAt), revokedAt: revoked };
}

/** A key in any state, written as it would stand in the database, and the tokens that open it. */
export async function makeApiKey(choice: ApiKeyChoice): Promise<MadeApiKey> {
  const now = choice.now ?? (await databaseNow());
  const { createdAt, expiresAt, revokedAt } = datesOf(choice, now);
  const state = choice.state ?? "active";
  const current = mintApiKeyToken();
  const old = choice.oldTokenUntil ? mintApiKeyToken() : null;
  const tokens: { minted: typeof current; retiresAt: Date | null }[] = [{ minted: current, retiresAt: null }];
  if (old) tokens.unshift({ minted: old, retiresAt: choice.oldTokenUntil ?? null });
  const key = await bookkeepingDb().apiKey.create({
    data: {
      accountId: choice.account.id,
      createdById: choice.createdBy?.id ?? null,
      name: choice.name ?? `Key ${current.prefix}`,
      prefix: current.prefix,
      apiVersion: choice.apiVersion ?? "2025-05-05",
      scopes: [...(choice.scopes ?? ["vehicles.read"])],
      allCustomers: choice.customers === undefined,
      customers: { create: (choice.customers ?? []).map(({ id }) => ({ accountId: id })) },
      allowedIps: [...(choice.allowedIps ?? [])],
      termMonths: choice.termDays === undefined ? (choice.termMonths ?? 12) : null,
      termDays: choice.termDays ?? null,
      warnDays: warnDaysFor(createdAt, expiresAt),
      createdAt,
      updatedAt: revokedAt ?? createdAt,
      expiresAt,
      revokedAt,
      revokedReason: state in REVOKED_REASONS ? REVOKED_REASONS[state as keyof typeof REVOKED_REASONS] : null,
      revokedById: choice.revokedBy?.id ?? null,
      submissionId: randomUUID(),
      tokens: {
        create: tokens.map(({ minted: { hash, prefix, last4 }, retiresAt }) => ({
          hash: new Uint8Array(hash),
          prefix,
          last4,
          retiresAt,
          createdAt,
        })),
      },
    },
  });
  if (choice.lastUse) {
    const { at, ip, client = null } = choice.lastUse;
    await bookkeepingDb().apiKeyUse.update({
      where: { id: key.id },
      data: { lastUsedAt: at, lastUsedIp: ip, lastUsedClient: client },
    });
  }
  return { key, token: current.token, oldToken: old?.token ?? null };
}

/** A session as the sign-in leaves it; the answer is the cookie's value. */
export async function makeSession(
  user: Pick<User, "id">,
  { signedInMinutesAgo = 0, lastSeenMinutesAgo = 0 }: { signedInMinutesAgo?: number; lastSeenMinutesAgo?: number } = {},
): Promise<string> {
  const value = randomBytes(32).toString("base64url");
  const now = (await databaseNow()).getTime();
  const signedInAt = new Date(now - signedInMinutesAgo * MINUTE_MS);
  await bookkeepingDb().session.create({
    data: {
      tokenHash: hashSessionToken(value),
      userId: user.id,
      signedInAt,
      lastSeenAt: new Date(now - lastSeenMinutesAgo * MINUTE_MS),
      expiresAt: new Date(signedInAt.getTime() + 12 * 60 * MINUTE_MS),
    },
  });
  return value;
}

interface Requester {
  readonly user: Pick<User, "id">;
  readonly account: Pick<Account, "token">;
  readonly ip?: string;
}

/** The permit that a request of this person in this account's space would get: looked up and asked for as there. */
export async function permitFor<P extends Permission>(
  permission: P,
  { user, account, ip = "203.0.113.7" }: Requester,
): Promise<Permit<P>> {
  // Not at the top: it needs Next, which the seed's plain Node does not load.
  const { authContextIn } = await import("@/lib/auth/session");
  const sessionToken = await makeSession(user);
  const identity = { sessionToken, requestedFrom: env().APP_URL, ip, requestId: `test-${randomUUID()}` };
  return authorize(await authContextIn(account.token, identity), permission);
}
