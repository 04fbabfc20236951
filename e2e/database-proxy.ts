import { connect, createServer, type Server, type Socket } from "node:net";

/** Both ends of one connection. */
class Connection {
  #isSilent = false;

  constructor(
    private readonly near: Socket,
    private readonly far: Socket | null,
  ) {
    const ends = far === null ? [near] : [near, far];
    for (const end of ends) end.on("error", () => undefined).on("close", () => this.#isSilent || this.end());
    near.on("data", (chunk) => this.#isSilent || far?.write(chunk));
    far?.on("data", (chunk) => this.#isSilent || near.write(chunk));
  }

  /** Nothing passes any more, and neither end is told: not even that the other one went. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  end(): void {
    this.near.destroy();
    this.far?.destroy();
  }
}

/** An address that stays the same while the database behind it stops and starts somewhere else, or the network fails. */
export class DatabaseProxy {
  readonly #connections = new Set<Connection>();
  #server: Server | null = null;
  #swallows = false;
  #to = 0;
  /** Whether somebody's connection was made silent. */
  isSilent = false;
  constructor(readonly port: number) {}

  async lead(to: number): Promise<void> {
    this.#to = to;
    this.#server = createServer((near) => {
      const connection = new Connection(near, this.#swallows ? null : connect(this.#to, "127.0.0.1"));
      this.#connections.add(connection);
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.port, "127.0.0.1", resolve));
  }

  /** A network that lost its memory of what is connected (a NAT's): those are silent for ever, new ones are served. */
  forget(): void {
    this.isSilent = true;
    for (const connection of this.#connections) connection.fallSilent();
  }

  /** A black hole: who is connected and who connects is accepted, and hears nothing, not even an end. */
  swallow(): void {
    this.#swallows = true;
    this.forget();
  }

  /** Ends what is connected, as a proxy does that is started anew. */
  cut(): void {
    for (const connection of this.#connections) connection.end();
    this.#connections.clear();
  }

  /** Who connects now is served again. */
  serve(): void {
    this.#swallows = false;
  }

  async shut(): Promise<void> {
    const closed = new Promise((resolve) => (this.#server === null ? resolve(null) : this.#server.close(resolve)));
    this.cut();
    await closed;
  }
}
