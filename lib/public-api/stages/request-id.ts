import { randomUUID } from "node:crypto";

import { findSecret } from "@/lib/platform/secret-patterns";

const WELL_FORMED = /^[A-Za-z0-9._-]{1,128}$/;

/** A caller's own id is echoed when it can do no harm in a header or a log; else the request gets a new one. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  return typeof given === "string" && WELL_FORMED.test(given) && findSecret(given) === null ? given : randomUUID();
}
