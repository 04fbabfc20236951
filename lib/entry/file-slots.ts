import { DomainError } from "@/lib/platform/errors";
import { singleton } from "@/lib/platform/singleton";

/** How many files of one kind an account's people may have under way at the same time, in this process. */
const MOST = 3;
/**
 * After this long without progress a slot is free, even if nobody released it: the server has ended such a slow
 * connection long before.
 */
const STALE_MS = 180_000;

export type FileKind = "export" | "upload";

/** A file that is under way. */
export interface FileSlot {
  /** It went on. */
  progress(): void;
  /** It is over; once more changes nothing. */
  release(): void;
}

const SENTENCES: Readonly<Record<FileKind, string>> = {
  export: `${MOST} files of this account are being exported already, and more at a time are not. Wait until one is finished, then export again.`,
  upload: `${MOST} files are being uploaded into this account already, and more at a time are not. Wait until one is finished, then upload again.`,
};

const held = () => singleton("file-slots", () => new Map<string, Map<symbol, number>>());

/**
 * Files are kept in memory in parts: an account whose readers stop reading, or whose senders stop sending, holds a few
 * parts and no more. @throws DomainError too_many_requests
 */
export function acquireFileSlot(
  kind: FileKind,
  accountId: number,
  now: () => number = () => performance.now(),
): FileSlot {
  const name = `${kind} ${accountId}`;
  const files = held().get(name) ?? new Map<symbol, number>();
  for (const [file, movedAt] of files) if (now() - movedAt > STALE_MS) files.delete(file);
  if (files.size >= MOST) throw new DomainError("too_many_requests", SENTENCES[kind]);
  const file = Symbol(name);
  files.set(file, now());
  held().set(name, files);
  return {
    progress: () => void (files.has(file) && files.set(file, now())),
    release: () => {
      files.delete(file);
      if (files.size === 0 && held().get(name) === files) held().delete(name);
    },
  };
}
