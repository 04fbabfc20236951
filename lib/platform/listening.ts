import { createServer, type Server } from "node:net";

/** A machine without IPv6 says one of these. */
const NO_SUCH_PLACE = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];

/**
 * Where a hub listens whose HOST is not set: on both loopbacks with its own database, since browsers take "localhost"
 * for either, and whoever held the other one would be shown instead; else on everything there is.
 */
export function listeningPlaces(settings: {
  readonly HOST?: string | undefined;
  readonly HUB_EMBEDDED: boolean;
}): readonly [string, ...string[]] {
  if (settings.HOST !== undefined) return [settings.HOST];
  return settings.HUB_EMBEDDED ? ["127.0.0.1", "::1"] : ["0.0.0.0", "::"];
}

/**
 * Node's server listens at one address; at the others small listeners forward their connections to it. All of them or
 * none; the returned function closes the forwarders.
 */
export async function listenAt(
  server: Server,
  port: number,
  [first, ...others]: readonly [string, ...string[]],
): Promise<() => Promise<void>> {
  const doors: Server[] = [];
  const closeDoors = async () => {
    await Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))));
  };
  try {
    await listen(server, port, first);
    for (const place of others) {
      const door = doorTo(server);
      if (await listensIfThere(door, port, place)) doors.push(door);
    }
  } catch (error) {
    await closeDoors();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    throw error;
  }
  return closeDoors;
}

/** Node's server listens at one place only. */
function doorTo(server: Server): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // What goes wrong with a connection is told to the server that it names.
    Object.assign(socket, { server });
    server.emit("connection", socket);
  });
}

async function listensIfThere(door: Server, port: number, place: string): Promise<boolean> {
  try {
    await listen(door, port, place, true);
    return true;
  } catch (error) {
    if (NO_SUCH_PLACE.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

function listen(server: Server, port: number, host: string, ipv6Only = false): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, ipv6Only }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
