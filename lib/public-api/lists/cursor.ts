import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

import { DomainError } from "@/lib/platform/errors";
import { signingSecrets } from "@/lib/platform/key-ring";
import { DIRECTIONS, OPERATORS, type Condition, type Sort } from "./list-definition";

/** A place in a list, with the filters and order it is a place of. */
export interface Cursor {
  readonly resource: string;
  readonly conditions: readonly Condition[];
  readonly flags: readonly string[];
  readonly sort: Sort;
  /** Sort values and id of the row before the place; null at the beginning. */
  readonly after: readonly string[] | null;
}

const content = z.tuple([
  z.string(),
  z.array(z.tuple([z.string(), z.enum(OPERATORS), z.string()])),
  z.array(z.tuple([z.string(), z.enum(DIRECTIONS)])),
  z.array(z.string()).nullable(),
  z.array(z.string()),
]);

const SIGNATURE_BYTES = 16;

function signatureOf(payload: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(`list cursor\n${payload}`).digest().subarray(0, SIGNATURE_BYTES);
}

/** By the secret that signs, or one that signed before a rotation: a walk through a list goes on. */
function isSigned(payload: string, signature: Buffer): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return signingSecrets().some((secret) => timingSafeEqual(signature, signatureOf(payload, secret)));
}

export function writeCursor({ resource, conditions, flags, sort, after }: Cursor): string {
  const filters = conditions.map(({ field, operator, value }) => [field, operator, value]);
  const orders = sort.map(({ field, direction }) => [field, direction]);
  const payload = Buffer.from(JSON.stringify([resource, filters, orders, after, flags])).toString("base64url");
  return `${payload}.${signatureOf(payload, signingSecrets()[0]).toString("base64url")}`;
}

/** @throws DomainError bad_request naming the parameter, when the text was not made by `writeCursor` for this resource */
export function readCursor(text: string, resource: string, parameter: string): Cursor {
  const [payload = "", signature = "", ...rest] = text.split(".");
  const isOurs = rest.length === 0 && isSigned(payload, Buffer.from(signature, "base64url"));
  const parsed = isOurs ? content.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))) : null;
  if (!parsed?.success || parsed.data[0] !== resource) {
    const sentence = "is not a cursor of this list. Start again without one.";
    throw new DomainError("bad_request", `${parameter} ${sentence}`, { [parameter]: [sentence] });
  }
  const [, filters, orders, after, flags] = parsed.data;
  return {
    resource,
    conditions: filters.map(([field, operator, value]) => ({ field, operator, value })),
    flags,
    sort: orders.map(([field, direction]) => ({ field, direction })),
    after,
  };
}
