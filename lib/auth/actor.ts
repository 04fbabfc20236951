import type { AccountKind, AccountStatus, Plan } from "@/generated/prisma/enums";
import type { Role } from "./permissions";

/** The account that an act goes to: resolved from the page's address or the key, never from an input. */
export interface AccountRef {
  readonly id: number;
  readonly kind: AccountKind;
  readonly token: string;
  readonly name: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
}

/** A signed-in user in one account, as the database had it when the request came. */
export interface UserActor {
  readonly kind: "user";
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Null where a job works for him: no session is at hand. */
  readonly sessionId: number | null;
  /** True within 15 minutes of the sign-in. */
  readonly signedInRecently: boolean;
  /** The customers that a limited membership reaches; null = not limited. */
  readonly customerLimit: readonly number[] | null;
}

/** A valid API key, as the authenticating query had it. */
export interface ApiKeyActor {
  readonly kind: "apiKey";
  readonly apiKeyId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** A customer account's key acts for this role; null for a partner's key, which acts for itself. */
  readonly creatorRole: Role | null;
}

/** A person who has proved who he is, in no account yet. */
export interface SelfActor {
  readonly kind: "self";
  readonly userId: number;
  readonly name: string;
  /** The session he asks with; none where he is only about to sign in. */
  readonly sessionId?: number;
}

export interface SystemActor {
  readonly kind: "system";
  readonly name: string;
}

export interface AnyoneActor {
  readonly kind: "anyone";
}

export type Actor = UserActor | ApiKeyActor | SelfActor | SystemActor | AnyoneActor;

/** Where a request came from, for the audit log. */
export interface RequestOrigin {
  readonly ip: string | null;
  readonly requestId: string | null;
  /** What a form chose when it opened: however often it is sent, `mutate` lets it have one effect. */
  readonly submissionId?: string;
}
