import "server-only";

import { env } from "@/lib/platform/env";
import { singleton } from "@/lib/platform/singleton";
import type { HostException } from "./address-guard";
import type { CheckedConnectionsOptions } from "./checked-connections";
import { createOutsideClient, type OutsideAnswer, type OutsideRequest } from "./outside-client";

export interface SafeFetchOptions extends CheckedConnectionsOptions {
  readonly exceptions?: readonly HostException[];
  readonly timeoutMs?: number;
}

export interface SafeFetch {
  /** One POST, no redirect followed. @throws OutsideError */
  readonly post: (
    request: Pick<OutsideRequest, "url" | "headers" | "customHeaders"> & { readonly body: string },
  ) => Promise<OutsideAnswer>;
  /** Breaks off what is under way. */
  readonly close: () => void;
}

const TIMEOUT_MS = 15_000;
export const MOST_READ_BYTES = 20_000;

/** For receivers of webhooks: what they answer is of no interest but for its beginning. */
export function createSafeFetch(options: SafeFetchOptions = {}): SafeFetch {
  const { exceptions = [], timeoutMs = TIMEOUT_MS, ...connections } = options;
  const { request, close } = createOutsideClient(connections);
  const bounds = { exceptions, timeoutMs, mostReadBytes: MOST_READ_BYTES };
  return { post: (asked) => request({ method: "POST", ...bounds, ...asked }), close };
}

/** The process's own, with the operator's exceptions. */
export function safeFetch(): SafeFetch {
  return singleton("safe-fetch", () => createSafeFetch({ exceptions: env().WEBHOOK_ALLOWED_PRIVATE_HOSTS }));
}
