import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOwner } from "@/lib/platform/database/embedded-postgres";

/** What a second `npm start` may take until it serves. */
const SECOND_START_MS = 5000;
const PORT = 3987;

interface Start {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
}

const NOBODY = 65_534;
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

let directory: string;
const running: Start[] = [];

interface OtherStart {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

function start(
  port = PORT,
  [command = "", ...args]: readonly string[] = [process.execPath, "scripts/start.mjs", "--data", directory],
  { env: given = {}, ...identity }: OtherStart = {},
): Start {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_URL|APP_URL|HOST$|AUTH_|AUDIT_|LOG_LEVEL|VITEST)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    PORT: String(port),
    LOG_LEVEL: "warn",
    ...given,
  } as unknown as NodeJS.ProcessEnv;
  // A group of its own, as a terminal gives it: what Ctrl-C reaches.
  const child = spawn(command, args, { ...identity, env, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const started = { child, output: () => output, exited };
  running.push(started);
  return started;
}

/** A start that has ended is not waited for: it will not be ready any more. */
async function ready({ child, output }: Start): Promise<void> {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const isReady = () => output().includes("Ctrl-C stops it");
  await expect.poll(() => isReady() || hasEnded(), { timeout: 400_000, interval: 50 }).toBe(true);
  expect(output()).toContain("Ctrl-C stops it");
}

function pressCtrlC({ child }: Start): void {
  if (child.pid) process.kill(-child.pid, "SIGINT");
}

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "hub-start-"));
});

afterAll(async () => {
  for (const { child } of running) child.kill("SIGTERM");
  await Promise.all(running.map(({ exited }) => exited));
  rmSync(directory, { recursive: true, force: true });
});

describe("npm start", () => {
  let first: Start;

  it("ends with the address, the way in, and a demo key that works as pasted", async () => {
    first = start();
    await ready(first);
    expect(first.output()).toContain(`Fleet Advisor Hub is ready: http://localhost:${PORT}`);
    expect(first.output()).toContain(
      `Sign in as owner@northwind.example; the link arrives in the local outbox: http://localhost:${PORT}/outbox`,
    );
    const [, header = "", address = ""] = /curl -H "Authorization: ([^"]+)" (\S+)/.exec(first.output()) ?? [];
    const answer = await fetch(address, { headers: { Authorization: header } });
    expect(answer.status).toBe(200);
  });

  it("says in one sentence that it already runs, and where", async () => {
    const second = start(PORT + 1);
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(
      new RegExp(`already runs at http://localhost:${PORT} \\(process ${first.child.pid}\\)\\.\\n$`),
    );
    expect(second.output()).not.toMatch(/\n\s+at /);
  });

  it("stops cleanly on Ctrl-C, the database too", async () => {
    pressCtrlC(first);
    expect(await first.exited).toBe(0);
    expect(findOwner(directory)).toBeNull();
  });

  it("says in one sentence that the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(PORT, "127.0.0.1", resolve));
    const hub = start();
    expect(await hub.exited).toBe(1);
    expect(hub.output()).toContain(
      `Port ${PORT} is in use by another program: choose another one, such as PORT=${PORT + 1} npm start.`,
    );
    expect(findOwner(directory)).toBeNull();
    await new Promise((resolve) => other.close(resolve));
  });

  it.runIf(hasIpv6)(
    "says the same where it is taken on the other loopback, which browsers may take for it",
    async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(PORT, "::1", resolve));
      const hub = start();
      expect(await hub.exited).toBe(1);
      expect(hub.output()).toContain(`Port ${PORT} is in use by another program`);
      await new Promise((resolve) => other.close(resolve));
    },
  );

  it("is ready within 5 seconds the second time, and doesn't show the demo key again", async () => {
    const startedAt = performance.now();
    const hub = start();
    await ready(hub);
    const tookMs = performance.now() - startedAt;
    expect(hub.output()).not.toContain("fah_");
    expect(tookMs).toBeLessThan(SECOND_START_MS);
    hub.child.kill("SIGKILL");
    await hub.exited;
  });

  it("is stopped by what npm is told, its database too, and npm waits for it", async () => {
    const hub = start(PORT, ["npm", "start", "--", "--data", directory]);
    await ready(hub);
    if (hasIpv6) expect((await fetch(`http://[::1]:${PORT}/healthz`)).status).toBe(200);
    hub.child.kill("SIGTERM");
    await hub.exited;
    expect(findOwner(directory)).toBeNull();
    await expect(fetch(`http://127.0.0.1:${PORT}/healthz`)).rejects.toThrow();
  });

  it.runIf(process.getuid?.() === 0)("starts a finished build as a user who may not write to it", async () => {
    const { DATABASE_URL, AUTH_SECRET, AUDIT_SECRET } = process.env;
    const hub = start(PORT, [process.execPath, "scripts/start.mjs"], {
      uid: NOBODY,
      gid: NOBODY,
      env: {
        DATABASE_URL,
        AUTH_SECRET,
        AUDIT_SECRET,
        HUB_ROLES: "web",
        RESEND_API_KEY: "re_test",
        APP_URL: `http://localhost:${PORT}`,
      },
    });
    await ready(hub);
    expect((await fetch(`http://127.0.0.1:${PORT}/sign-in`)).status).toBe(200);
    expect(hub.output()).not.toMatch(/EACCES|EROFS/);
    hub.child.kill("SIGTERM");
    expect(await hub.exited).toBe(0);
  });

  // From here on the tests' own database needs the secrets that this names: it is the last one on it.
  it("stops with a sentence where a secret was changed, and starts with the one before named beside it", async () => {
    const { DATABASE_URL, AUTH_SECRET, AUDIT_SECRET } = process.env;
    const changed = "changed-".repeat(6);
    const startWith = (secrets: Readonly<Record<string, string | undefined>>) =>
      start(PORT, [process.execPath, "scripts/start.mjs"], {
        env: { DATABASE_URL, AUTH_SECRET, AUDIT_SECRET, HUB_ROLES: "api", RESEND_API_KEY: "re_test", ...secrets },
      });
    for (const secrets of [{}, { DATA_SECRET: changed }]) {
      const hub = startWith(secrets);
      await ready(hub);
      hub.child.kill("SIGTERM");
      expect(await hub.exited).toBe(0);
    }
    const hub = startWith({ DATA_SECRET: "another-".repeat(6) });
    expect(await hub.exited).toBe(1);
    expect(hub.output()).toMatch(
      /encrypted with a key \([0-9a-f]{8}\) which this Hub was not given\..*DATA_SECRET_PREVIOUS/,
    );
    expect(hub.output()).not.toMatch(/ at .*:\d+:\d+|changed-|another-/);
    const again = startWith({ DATA_SECRET: "another-".repeat(6), DATA_SECRET_PREVIOUS: changed });
    await ready(again);
    again.child.kill("SIGTERM");
    expect(await again.exited).toBe(0);
  });

  it("starts again after a crash, with the server it left behind still up", async () => {
    const hub = start();
    await ready(hub);
    pressCtrlC(hub);
    expect(await hub.exited).toBe(0);
  });
});
