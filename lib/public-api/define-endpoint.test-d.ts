/** What must not compile: a stage left out, or before its turn. `tsc` checks it; nothing here runs. */
import { z } from "zod";

import type { Permit } from "@/lib/auth/permit";
import { defineReceiver } from "@/lib/entry/receive";
import type { DomainError } from "@/lib/platform/errors";
import type { ApiRequest } from "./api-request";
import { defineEndpoint } from "./define-endpoint";
import { runIdempotently } from "./idempotency";
import { resolveAccount } from "./stages/account";
import { authenticate, type Authenticated } from "./stages/authenticate";
import { openBody, openBodyOfAnyone } from "./stages/open-body";
import { readBody } from "./stages/parse";
import { checkPermission } from "./stages/permission";
import { checkPlanAndState } from "./stages/plan-and-state";
import { checkRateLimit } from "./stages/rate-limit";
import { checkSourceAddress, type Located } from "./stages/source-address";
import { chooseVersion } from "./stages/version";

declare const request: ApiRequest;
declare const forKeys: Permit<"vehicles.read">;
declare const forAnyone: Permit<"apiKeys.reportLeak">;

export async function everyStageInItsTurn(): Promise<unknown> {
  const authenticated = await authenticate(request, "customer");
  const located = checkSourceAddress(authenticated);
  const addressed = resolveAccount(located, "customer");
  const entitled = checkPlanAndState(addressed);
  const withinRate = await checkRateLimit(entitled);
  const permitted = checkPermission(withinRate, "vehicles.read");
  const versioned = chooseVersion(permitted);
  return openBody(versioned).readBody();
}

export async function noStageIsLeftOut(): Promise<void> {
  const authenticated = await authenticate(request, "customer");
  // @ts-expect-error without the source address
  resolveAccount(authenticated, "customer");
  const located = checkSourceAddress(authenticated);
  // @ts-expect-error without the account
  checkPlanAndState(located);
  const addressed = resolveAccount(located, "customer");
  // @ts-expect-error without the plan and the account's state
  void checkRateLimit(addressed);
  const entitled = checkPlanAndState(addressed);
  // @ts-expect-error without the rate limit
  checkPermission(entitled, "vehicles.read");
  const withinRate = await checkRateLimit(entitled);
  // @ts-expect-error without the permission
  chooseVersion(withinRate);
  const permitted = checkPermission(withinRate, "vehicles.read");
  // @ts-expect-error without the version
  openBody(permitted);
}

export async function noBodyIsReadBefore(): Promise<void> {
  // @ts-expect-error before anybody is known
  void request.readBody;
  // @ts-expect-error once the key is known, and nothing else
  void (await authenticate(request, "customer")).request.readBody;
  // @ts-expect-error by a reader of inputs
  void readBody(z.object({})).read(request, "2025-05-05");
  // @ts-expect-error for the one answer of an Idempotency-Key
  void runIdempotently(forKeys, request, { path: "/vehicles", apiKeyId: 1, accountId: 1 }, () =>
    Promise.reject(new Error()),
  );
  // @ts-expect-error a key's permit goes through its stages
  openBodyOfAnyone(request, forKeys);
  openBodyOfAnyone(request, forAnyone);
}

export function noStageIsMadeUp(authenticated: Authenticated): Located {
  const { request: given, key } = authenticated;
  // @ts-expect-error only authenticate() says who is calling
  checkSourceAddress({ request: given, key });
  // @ts-expect-error only checkSourceAddress() says that he may call from there
  return authenticated;
}

declare const refusals: { notSetUp: () => DomainError; notSigned: () => DomainError };
const received = {
  path: "/api/reports",
  permission: "notices.noteDelivery",
  maxBytes: 1,
  keys: () => "secret",
  refusals,
  read: (body: Buffer) => body,
  run: () => Promise.resolve(),
} as const;

export const noWayInIsOpen = [
  defineReceiver({ ...received, isSigned: () => true }),
  // @ts-expect-error nobody looks at the signature
  defineReceiver(received),
  // @ts-expect-error nobody is asked for a permission
  defineReceiver({ ...received, isSigned: () => true, permission: undefined }),
  // @ts-expect-error an endpoint without a permission
  defineEndpoint({
    method: "GET",
    path: "/vehicles",
    resource: "vehicles",
    account: "customer",
    input: readBody(z.object({})),
    run: () => Promise.resolve({}),
    present: () => ({}),
  }),
  defineEndpoint({
    method: "GET",
    path: "/vehicles",
    resource: "vehicles",
    account: "customer",
    // @ts-expect-error with one that no key ever has an account for
    permission: "events.publish",
    input: readBody(z.object({})),
    run: () => Promise.resolve({}),
    present: () => ({}),
  }),
];
