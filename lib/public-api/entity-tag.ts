import { hash } from "node:crypto";

import { DomainError } from "@/lib/platform/errors";
import type { Answer } from "./answer";

/** One tag, as RFC 9110 writes it; a weak one begins with W/. */
const TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;
const HASH_LENGTH = 8;

/** What a change of a record's own columns changes. */
export function revisionOf(updatedAt: Date): string {
  return updatedAt.getTime().toString(36);
}

/** `"<revision>-<8 hex of the body>"`. What has no time of its last change is told apart by its body alone. */
function entityTag(record: Readonly<Record<string, unknown>>, body: string): string {
  const { updated_at: updatedAt } = record;
  const revision = typeof updatedAt === "string" ? revisionOf(new Date(updatedAt)) : "0";
  return `"${revision}-${hash("sha256", body, "hex").slice(0, HASH_LENGTH)}"`;
}

/** Null stands for `*`. @throws DomainError bad_request */
function readTags(header: string, name: "If-Match" | "If-None-Match") {
  if (header.trim() === "*") return null;
  const tags = header.split(",").map((text) => TAG.exec(text.trim()));
  return tags.map((found) => {
    if (found !== null) return { isWeak: found[1] !== undefined, tag: found[2] ?? "" };
    const sentence = `takes the ETag of a record as it was given, with its quotation marks, several with commas between, or *.`;
    throw new DomainError("bad_request", `${name} ${sentence}`, { [name]: [sentence] });
  });
}

/** Whether a record that stands at `revision` is the one that the caller read: what is told from other records does not count. */
function isMatch(header: string, revision: string): boolean {
  const tags = readTags(header, "If-Match");
  return tags === null || tags.some(({ isWeak, tag }) => !isWeak && tag.startsWith(`${revision}-`));
}

/** @throws DomainError precondition_failed where the record was changed since the caller read it, bad_request */
export function requireMatch(header: string, held: { readonly updatedAt: Date }): void {
  if (isMatch(header, revisionOf(held.updatedAt))) return;
  throw new DomainError(
    "precondition_failed",
    "The record was changed since you read it, and is left as it is. Read it again, and decide anew.",
  );
}

/** The answer with its tag; without its body where the caller has that already. @throws DomainError bad_request */
export function tagged(
  answer: Answer,
  record: Readonly<Record<string, unknown>>,
  ifNoneMatch: string | undefined,
): Answer {
  const etag = entityTag(record, answer.body ?? "");
  const headers = { ...answer.headers, ETag: etag };
  const known = ifNoneMatch === undefined ? [] : readTags(ifNoneMatch, "If-None-Match");
  if (known !== null && !known.some(({ tag }) => `"${tag}"` === etag)) return { ...answer, headers };
  const { "Content-Type": _type, ...kept } = headers as Record<string, string>;
  return { status: 304, headers: kept, body: null };
}
