import "server-only";

import { env } from "@/lib/platform/env";
import { singleton } from "@/lib/platform/singleton";
import type { HostException } from "./address-guard";
import { createOutsideClient, type OutsideClient } from "./outside-client";

/** Hosts inside that the operator excepts for this account, or for every one. One account's are not another's. */
export function connectorExceptions(accountToken: string): readonly HostException[] {
  return env().CONNECTOR_ALLOWED_PRIVATE_HOSTS.filter(({ account }) => account === null || account === accountToken);
}

/** The process's own, for the hosts of credentials. */
export function connectorClient(): OutsideClient {
  return singleton("connector-client", () => createOutsideClient());
}
