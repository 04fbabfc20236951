import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

import { DomainError } from "@/lib/platform/errors";
import { signingSecrets } from "@/lib/platform/key-ring";
import { DIRECTIONS, OPERATORS, type Condition, type Sort } from "./list-definition";

/** A place in a list of one account, with the filters and order it is a place of. */
export interface Cursor {
  readonly accountId: number;
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

/** The account stands in what is signed alone: another's cursor is one that was never made. */
function signatureOf(payload: string, accountId: number | null, secret: string): Buffer {
  return createHmac("sha256", secret)
    .update(accountId === null ? `list cursor\n${payload}` : `list cursor\n${accountId}\n${payload}`)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}

/** By the secret that signs, or one that signed before a rotation: a walk through a list goes on. */
function isSigned(payload: string, signature: Buffer, accountId: number): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return signingSecrets().some((secret) =>
    [accountId, null].some((account) => timingSafeEqual(signature, signatureOf(payload, account, secret))),
  );
}

export function writeCursor({ accountId, resource, conditions, flags, sort, after }: Cursor): string {
  const filters = conditions.map(({ field, operator, value }) => [field, operator, value]);
  const orders = sort.map(({ field, direction }) => [field, direction]);
  const payload = Buffer.from(JSON.stringify([resource, filters, orders, after, flags])).toString("base64url");
  return `${payload}.${signatureOf(payload, accountId, signingSecrets()[0]).toString("base64url")}`;
}

/** Where a cursor is read: the parameter that holds it, and whose list is asked for. */
export interface CursorPlace extends Pick<Cursor, "accountId" | "resource"> {
  readonly parameter: string;
}

/**
 * @throws DomainError bad_request naming the parameter, when the text was not made by `writeCursor` for this list of
 * this account. One of release 0.2, which signed no account, is taken still: a walk goes on through an upgrade.
 */
export function readCursor(text: string, { accountId, resource, parameter }: CursorPlace): Cursor {
  const [payload = "", signature = "", ...rest] = text.split(".");
  const isOurs = rest.length === 0 && isSigned(payload, Buffer.from(signature, "base64url"), accountId);
  const parsed = isOurs ? content.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))) : null;
  if (!parsed?.success || parsed.data[0] !== resource) {
    const sentence = "is not a cursor of this list. Start again without one.";
    throw new DomainError("bad_request", `${parameter} ${sentence}`, { [parameter]: [sentence] });
  }
  const [, filters, orders, after, flags] = parsed.data;
  return {
    accountId,
    resource,
    conditions: filters.map(([field, operator, value]) => ({ field, operator, value })),
    flags,
    sort: orders.map(([field, direction]) => ({ field, direction })),
    after,
  };
}
