import { write, writeSync } from "node:fs";

/** Lines that wait for a destination that takes none. What comes on top of them is dropped: memory has an end, too. */
const MOST_CHARACTERS = 1024 * 1024;
const MOST_AT_ONCE = 64 * 1024;
/** A pipe that is read has room again at once; a disk that is full stays so. Each time in vain doubles the pause. */
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 256;
/** At the end of the process, for a destination that takes nothing for so long, and for one that takes a little each time. */
const LAST_WORDS_MS = 2000;
const ALL_LAST_WORDS_MS = 10_000;

/**
 * Where the log's lines go. A disk may be full and a pipe unread: then they wait, then they are dropped and counted, and
 * a line of its own says how many as soon as one can be written again. Nobody waits for it but this.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #onDrop: () => void;
  #lines: string[] = [];
  #characters = 0;
  /** What is being written, or waits to be tried again: its lines may be half out. */
  #rest: Buffer | null = null;
  #isInFlight = false;
  #pauseMs = FIRST_PAUSE_MS;
  #dropped = 0;

  constructor(fd: number, onDrop: () => void) {
    this.#fd = fd;
    this.#onDrop = onDrop;
    process.once("exit", () => this.flushSync());
  }

  write(line: string): void {
    if (this.#characters + line.length > MOST_CHARACTERS) {
      this.#dropped += 1;
      return this.#onDrop();
    }
    this.#sayWhatWasDropped();
    this.#keep(line);
    if (this.#rest === null) this.#writeNext();
  }

  /** For the end of the process: nothing comes back from another thread any more. What one is writing is its to finish. */
  flushSync(): void {
    const endMs = performance.now() + ALL_LAST_WORDS_MS;
    let deadlineMs = performance.now() + LAST_WORDS_MS;
    for (let rest = this.#isInFlight ? this.#take() : (this.#rest ?? this.#take()); rest !== null;) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
        deadlineMs = Math.min(endMs, performance.now() + LAST_WORDS_MS);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || performance.now() > deadlineMs) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_PAUSE_MS);
      }
      if (!this.#isInFlight) this.#rest = rest.length === 0 ? null : rest;
      if (rest.length === 0) rest = this.#take();
    }
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
  }

  #sayWhatWasDropped(): void {
    if (this.#dropped === 0) return;
    const msg = "lines of the log were dropped: what it is written to took none";
    const line = { level: 40, time: new Date().toISOString(), pid: process.pid, lines: this.#dropped, msg };
    this.#dropped = 0;
    this.#keep(`${JSON.stringify(line)}\n`);
  }

  /** As many whole lines as go out at once; null when there are none. */
  #take(): Buffer | null {
    if (this.#lines.length === 0) this.#sayWhatWasDropped();
    if (this.#lines.length === 0) return null;
    let count = 0;
    let characters = 0;
    for (; count < this.#lines.length && (count === 0 || characters < MOST_AT_ONCE); count++)
      characters += this.#lines[count]?.length ?? 0;
    this.#characters -= characters;
    return Buffer.from(this.#lines.splice(0, count).join(""));
  }

  #writeNext(): void {
    if (this.#isInFlight) return;
    this.#rest ??= this.#take();
    if (this.#rest === null) return;
    this.#isInFlight = true;
    write(this.#fd, this.#rest, (error, written) => {
      this.#isInFlight = false;
      if (error) return this.#tryLater();
      this.#pauseMs = FIRST_PAUSE_MS;
      const rest = this.#rest?.subarray(written);
      this.#rest = rest === undefined || rest.length === 0 ? null : rest;
      this.#writeNext();
    });
  }

  #tryLater(): void {
    setTimeout(() => this.#writeNext(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
