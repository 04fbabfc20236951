import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * What becomes of a COMMIT that comes by: `swallow` lets the server do it and cuts the connection instead of answering,
 * `stifle` does so and keeps the connection, which says no word any more; `lose` cuts before the server has it, `hold`
 * keeps the connection and leaves the server waiting.
 */
export type CommitFate = "pass" | "swallow" | "stifle" | "lose" | "hold";

const STARTUP_HEADER = 4;
const MESSAGE_HEADER = 5;
/** A simple query, or the text of one that is parsed. */
const COMMIT = /^(Q[^]{4}|P[^]{4}[^\0]*\0)COMMIT\0/;

/** Cuts what a client sends into its messages; only the first ones have no letter. */
class FrontendMessages {
  #rest: Buffer = Buffer.alloc(0);
  #isStarted = false;

  read(chunk: Buffer): { readonly bytes: Buffer; readonly isCommit: boolean }[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages = [];
    for (;;) {
      const header = this.#isStarted ? MESSAGE_HEADER : STARTUP_HEADER;
      if (this.#rest.length < header) return messages;
      const length = this.#rest.readInt32BE(header - 4) + header - 4;
      if (this.#rest.length < length) return messages;
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const isCommit = this.#isStarted && COMMIT.test(bytes.toString("latin1"));
      this.#isStarted = true;
      messages.push({ bytes, isCommit });
    }
  }
}

/** An address before a database at which the answer to COMMIT can be lost. */
export class CommitProxy {
  readonly #cuts = new Set<() => void>();
  #server: Server | null = null;
  /** Asked for each COMMIT, in the order in which they come. */
  fate: () => CommitFate = () => "pass";
  /** Called when the server has done what nobody is told of. */
  onSwallowed: () => void = () => undefined;
  /** What is open stays open. */
  takesNew = true;

  /** @returns the port that leads to the other */
  async lead(to: number): Promise<number> {
    this.#server = createServer((near) => {
      if (this.takesNew) this.#serve(near, connect(to, "127.0.0.1"));
      else near.destroy();
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection. */
  cutAll(): void {
    for (const cut of this.#cuts) cut();
  }

  async shut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    this.cutAll();
    await closed;
  }

  #serve(near: Socket, far: Socket): void {
    const messages = new FrontendMessages();
    let fate: CommitFate = "pass";
    const cut = () => {
      this.#cuts.delete(cut);
      for (const socket of [near, far]) socket.destroy();
    };
    this.#cuts.add(cut);
    for (const socket of [near, far]) socket.on("error", () => undefined).on("close", cut);
    near.on("data", (chunk: Buffer) => {
      for (const { bytes, isCommit } of messages.read(chunk)) {
        if (isCommit && fate === "pass") fate = this.fate();
        if (fate === "lose") return cut();
        if (fate !== "hold") far.write(bytes);
      }
    });
    far.on("data", (chunk: Buffer) => {
      if (fate === "pass") return void near.write(chunk);
      if (fate === "hold") return;
      this.onSwallowed();
      if (fate === "swallow") cut();
    });
  }
}
