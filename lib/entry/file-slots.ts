import { DomainError } from "@/lib/platform/errors";
import { singleton } from "@/lib/platform/singleton";

/** How many files of one kind an account's people may have under way at the same time, in this process. */
const MOST = 3;
/** After this long without progress a file loses its slot to the next one that asks for it. */
const STALE_MS = 180_000;

export type FileKind = "export" | "upload";

/** A file that is under way. */
export interface FileSlot {
  /** It went on. */
  progress(): void;
  /** It is over; once more changes nothing. */
  release(): void;
  /** It has to end: another file has its place. */
  readonly taken: AbortSignal;
}

interface Held {
  movedAt: number;
  readonly taken: AbortController;
}

const SENTENCES: Readonly<Record<FileKind, string>> = {
  export: `${MOST} files of this account are being exported already, and more at a time are not. Wait until one is finished, then export again.`,
  upload: `${MOST} files are being uploaded into this account already, and more at a time are not. Wait until one is finished, then upload again.`,
};

const held = () => singleton("file-slots", () => new Map<string, Map<symbol, Held>>());

/** Its place goes to who asks now, and so it has to end: what went on beside it would be one file more each time. */
function takeStale(files: Map<symbol, Held>, nowMs: number): void {
  const [stalest] = [...files].sort(([, one], [, other]) => one.movedAt - other.movedAt);
  if (stalest === undefined || nowMs - stalest[1].movedAt <= STALE_MS) return;
  files.delete(stalest[0]);
  stalest[1].taken.abort();
}

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
  const files = held().get(name) ?? new Map<symbol, Held>();
  if (files.size >= MOST) takeStale(files, now());
  if (files.size >= MOST) throw new DomainError("too_many_requests", SENTENCES[kind]);
  const file = Symbol(name);
  const own: Held = { movedAt: now(), taken: new AbortController() };
  files.set(file, own);
  held().set(name, files);
  return {
    taken: own.taken.signal,
    progress: () => void (own.movedAt = now()),
    release: () => {
      files.delete(file);
      if (files.size === 0 && held().get(name) === files) held().delete(name);
    },
  };
}
