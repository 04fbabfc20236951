import { connect, createServer, type Server, type Socket } from "node:net";

/** An address that stays the same while the database behind it stops and starts somewhere else. */
export class DatabaseDoor {
  private readonly open = new Set<Socket>();
  private server: Server | null = null;
  constructor(readonly port: number) {}

  async lead(to: number): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(to, "127.0.0.1");
      for (const socket of [near, far]) {
        this.open.add(socket);
        socket.on("error", () => undefined).on("close", () => [near, far].forEach((either) => either.destroy()));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, "127.0.0.1", resolve));
  }

  async shut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.open) socket.destroy();
    this.open.clear();
    await closed;
  }
}
