import {
  closeSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

interface Choice {
  readonly mode?: number;
  readonly user?: { readonly uid: number; readonly gid: number } | null;
}

/** Writes a file beside its place, down to the disk, and then puts it there: cut off at any instant, it is the old one or the new one. */
export function writeAtomically(file: string, content: string, choice: Choice = {}): void {
  putInPlace(writeBeside(file, content, choice), file);
}

function putInPlace(beside: string, file: string): void {
  try {
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** The same for a file that is made once: of two that make it at a time, the first has made it. */
export function createAtomically(file: string, content: string, choice: Choice = {}): void {
  const beside = writeBeside(file, content, choice);
  try {
    linkSync(beside, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    // Some file systems have no links: there, the last one has made it.
    if (code !== "EEXIST") return putInPlace(beside, file);
  }
  rmSync(beside, { force: true });
}

function writeBeside(file: string, content: string, { mode = 0o666, user = null }: Choice): string {
  const beside = `${file}-${process.pid}`;
  try {
    const handle = openSync(beside, "w", mode);
    try {
      writeFileSync(handle, content);
      if (user) fchownSync(handle, user.uid, user.gid);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  return beside;
}

/** Removes what killed processes had begun beside a place (`place-<process>`), and never finished. */
export function removeLeftovers(place: string): void {
  const [folder, name] = [path.dirname(place), path.basename(place)];
  for (const entry of readdirSync(folder)) {
    const maker = entry.startsWith(`${name}-`) ? /^\d+$/.exec(entry.slice(name.length + 1))?.[0] : undefined;
    if (maker !== undefined && (Number(maker) === process.pid || !isAlive(Number(maker))))
      // What it started (an initdb) may still be writing there.
      rmSync(path.join(folder, entry), { recursive: true, force: true, maxRetries: 10 });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
