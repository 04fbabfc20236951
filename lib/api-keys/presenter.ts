/** The calling key, and what it reaches. */
export interface CallingKey {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly apiVersion: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  readonly ownAccount: ReachedAccount;
  /** True for a partner's key that reaches every customer, also those to come. */
  readonly reachesAllCustomers: boolean;
  /** The accounts it reaches; null where it reaches all, which `GET /api/v1/accounts` lists page by page. */
  readonly accounts: readonly ReachedAccount[] | null;
}

export interface ReachedAccount {
  readonly id: number;
  readonly name: string;
  readonly token: string;
}

const presentAccount = ({ id, name, token }: ReachedAccount) => ({ id, name, token });

/** Never the token: whoever calls has it, and nobody else may. */
export function presentCallingKey(key: CallingKey) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    version: key.apiVersion,
    scopes: key.scopes,
    expires_at: key.expiresAt.toISOString(),
    account: presentAccount(key.ownAccount),
    all_accounts: key.reachesAllCustomers,
    accounts: key.accounts?.map(presentAccount) ?? null,
  };
}

/** A key's record, as webhooks send it. */
export interface PresentedApiKey {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly apiVersion: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly allCustomers: boolean;
  readonly account: ReachedAccount;
}

/** Never a token, nor what one could be made from. */
export function presentApiKey(key: PresentedApiKey) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    version: key.apiVersion,
    scopes: [...key.scopes],
    expires_at: key.expiresAt.toISOString(),
    created_at: key.createdAt.toISOString(),
    account: presentAccount(key.account),
    all_accounts: key.allCustomers,
  };
}
