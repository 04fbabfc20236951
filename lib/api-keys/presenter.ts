import { z } from "zod";

import { idShape, instantShape } from "@/lib/platform/output-fields";

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

const reachedAccountShape = z.strictObject({ id: idShape(), name: z.string(), token: z.string() });

export const callingKeyShape = z.strictObject({
  id: idShape(),
  name: z.string(),
  prefix: z.string().meta({ description: "The first characters of the token, to tell keys apart." }),
  version: z.string().meta({ description: "The API version that the key is pinned to." }),
  scopes: z.array(z.string()).readonly(),
  expires_at: instantShape(),
  account: reachedAccountShape,
  all_accounts: z
    .boolean()
    .meta({ description: "True for a partner's key that reaches every customer, also those to come." }),
  accounts: z
    .array(reachedAccountShape)
    .nullable()
    .meta({ description: "The accounts that it reaches; null where it reaches all: `GET /accounts` lists them." }),
});

/** Never the token: whoever calls has it, and nobody else may. */
export function presentCallingKey(key: CallingKey): z.infer<typeof callingKeyShape> {
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

/** What a secret scanner is told of its findings. */
export const scanVerdictsShape = z.array(
  z.strictObject({
    token_hash: z.string(),
    token_type: z.string(),
    label: z.enum(["true_positive", "false_positive"]),
  }),
);

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
