import { Agent, createServer, request, type IncomingMessage, type Server } from "node:http";

import { freePort } from "./free-port";

/** A proxy before several instances: whoever asks twice for the same is answered by another one. */
export interface RoundRobin {
  readonly address: string;
  leadTo(ports: readonly number[]): void;
  /** From now on an instance whose `/readyz` says that it is not ready gets nothing, looked at each so often. */
  watchReadiness(everyMs: number): void;
  /** How many instances were asked for this file or action. */
  askedFor(what: string): number;
  close(): Promise<void>;
}

const whatIsAskedFor = ({ headers, url }: IncomingMessage) => String(headers["next-action"] ?? url);

export async function startRoundRobin(): Promise<RoundRobin> {
  const port = await freePort();
  const agent = new Agent({ keepAlive: true });
  const turns = new Map<string, number>();
  const asked = new Map<string, Set<number>>();
  let targets: readonly number[] = [];
  const red = new Set<number>();
  let watching: NodeJS.Timeout | undefined;
  const look = async () => {
    const looked = await Promise.all(targets.map(async (target) => [target, await isReady(target)] as const));
    for (const [target, ready] of looked) red[ready ? "delete" : "add"](target);
  };
  const next = (what: string): number => {
    const turn = turns.get(what) ?? 0;
    turns.set(what, turn + 1);
    const green = targets.filter((target) => !red.has(target));
    const target = green[turn % green.length] ?? 0;
    asked.set(what, (asked.get(what) ?? new Set()).add(target));
    return target;
  };
  const server = createServer((req, res) => {
    const { method, headers, url } = req;
    const target = next(whatIsAskedFor(req));
    const onward = request({ agent, host: "127.0.0.1", port: target, path: url, method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${port}`,
    leadTo: (ports) => (targets = ports),
    watchReadiness: (everyMs) => (watching = setInterval(() => void look(), everyMs)),
    askedFor: (what) => asked.get(what)?.size ?? 0,
    close: () => {
      clearInterval(watching);
      return closeAll(server, agent);
    },
  };
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.status === 200;
}

async function closeAll(server: Server, agent: Agent): Promise<void> {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
