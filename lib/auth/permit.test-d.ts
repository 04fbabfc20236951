/** What must not compile; `tsc` checks it (a line that suddenly compiles is an error). Nothing here runs. */
import { z } from "zod";

import { mutate } from "@/lib/audit-log/mutate";
import { createApiKey, renewApiKey } from "@/lib/api-keys/service";
import { createApiKeyInput, type CreateApiKeyInput } from "@/lib/api-keys/schema";
import { listApiKeys } from "@/lib/api-keys/queries";
import type { ApiKeyListQuery } from "@/lib/api-keys/schema";
import { defineJob } from "@/lib/jobs/define-job";
import type { db } from "@/lib/platform/database/db";
import { defineAction, definePublicAction } from "@/lib/entry/action";
import type { Permission } from "./permissions";
import { authorize, type AuthContext, type Permit } from "./permit";

declare const authContext: AuthContext;
declare const input: CreateApiKeyInput;
declare const query: ApiKeyListQuery;
declare const reader: Permit<"apiKeys.read">;
declare const issuer: Permit<"apiKeys.issue">;
declare const system: Permit<"events.publish">;
declare const anything: Permit<Permission>;

export function whatWasAuthorizedCanBeCalled(): void {
  void createApiKey(authorize(authContext, "apiKeys.issue"), input);
  void createApiKey(issuer, input);
  void listApiKeys(reader, query);
  const token: string = issuer.account.token;
  const nobody: null = system.account;
  void [token, nobody];
}

export function whatWasNotAuthorizedCannot(): void {
  // @ts-expect-error a lesser permission
  void createApiKey(reader, input);
  // @ts-expect-error a permission of another kind
  void createApiKey(authorize(authContext, "apiKeys.manage"), input);
  // @ts-expect-error no permit at all
  void createApiKey(authContext, input);
  const { actor, account, origin } = issuer;
  const madeByHand = { permission: "apiKeys.issue" as const, actor, account, origin };
  // @ts-expect-error a permit made by hand lacks the mark that only authorize gives
  void createApiKey(madeByHand, input);
  // @ts-expect-error a permit of everything is a permit of nothing in particular
  void renewApiKey(anything, { id: 1, revision: 1 });
  // @ts-expect-error a permission that is not in the table
  authorize(authContext, "apiKeys.everything");
  // @ts-expect-error no account stands behind a job's permit
  void system.account.token;
  // @ts-expect-error a permit cannot be turned to another account
  issuer.account = reader.account;
}

export const actionsNeedThePermissionOfTheirService = [
  defineAction({ permission: "apiKeys.issue", input: createApiKeyInput, run: createApiKey }),
  // @ts-expect-error a lesser permission than the service needs
  defineAction({ permission: "apiKeys.read", input: createApiKeyInput, run: createApiKey }),
  // @ts-expect-error no permission
  defineAction({ input: createApiKeyInput, run: createApiKey }),
  // @ts-expect-error another input than the service takes
  defineAction({ permission: "apiKeys.issue", input: z.strictObject({ id: z.int() }), run: createApiKey }),
  // @ts-expect-error an action of an account needs a permission that an account stands behind
  defineAction({ permission: "signIn.request", input: z.strictObject({}), run: () => Promise.resolve(null) }),
  // @ts-expect-error and one for anybody may need none that it does
  definePublicAction({ permission: "apiKeys.issue", input: createApiKeyInput, run: createApiKey }),
  // @ts-expect-error a job has no account of its own
  defineJob({ name: "keys.create", permission: "apiKeys.issue", payload: createApiKeyInput, run: createApiKey }),
];

type ReadDb = ReturnType<typeof db>;
export type Reading = ReadDb["apiKey"]["findMany"];
// @ts-expect-error the read-only database has no way to write
export type Writing = ReadDb["apiKey"]["updateMany"];
// @ts-expect-error nor to run any statement
export type Running = ReadDb["$executeRaw"];

export function changingNeedsAPermitAndAnAccountOfIt(): void {
  // @ts-expect-error a change without a permit
  void mutate(authContext, () => Promise.resolve({ result: null, events: [] }));
  // @ts-expect-error a change that does not say what happened
  void mutate(issuer, () => Promise.resolve({ result: null }));
}
