import { fork, spawnSync, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { buildPrograms } from "@/bench/processes";
import { freePort } from "@/testing/free-port";

const METRICS_TOKEN = "a-token-of-the-log-test";
/** Their lines are more than any destination here holds, with all that may wait for it. */
const REQUESTS = 5000;
/** Theirs may all wait. */
const FEW_REQUESTS = 2000;

let disk: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  await buildPrograms(["bench/serve-api.ts"]);
  disk = mkdtempSync(path.join(tmpdir(), "log-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs", disk]);
  expect(mounted.status, `a small disk could not be mounted; run this as root (${String(mounted.stderr)})`).toBe(0);
});
afterEach(() => running.splice(0).forEach((child) => child.kill("SIGKILL")));
afterAll(() => {
  spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
});

async function startApi(stdout: number | "pipe") {
  const stdio: StdioOptions = ["ignore", stdout, "inherit", "ipc"];
  const environment = { HUB_ROLES: "api", HOST: "127.0.0.1", RATE_LIMIT_STORE: "postgres", LOG_LEVEL: "info" };
  const env = { ...process.env, ...environment, METRICS_TOKEN, PORT: String(await freePort()) };
  const child = fork(".build/bench/bench/serve-api.mjs", { env, stdio });
  running.push(child);
  const address = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve((message as { address: string }).address));
    child.once("exit", (code) => reject(new Error(`the API ended with ${code}`)));
  });
  return { child, address };
}

/** Asks for nothing that there is, which leaves one line each; the answer is how many were answered. */
function askMuch(address: string, requests = REQUESTS): Promise<number> {
  const { hostname, port } = new URL(address);
  const one = `GET /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${"x".repeat(128)}\r\n\r\n`;
  const last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(one.repeat(requests - 1) + last));
    let heard = "";
    socket.on("data", (chunk) => (heard += String(chunk)));
    socket.setTimeout(60_000, () => socket.destroy(new Error("no answer")));
    socket.on("error", reject);
    socket.on("close", () => resolve(heard.match(/HTTP\/1\.1 404 /g)?.length ?? 0));
  });
}

async function droppedBy(address: string): Promise<number> {
  const answer = await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  return Number(/^hub_log_lines_dropped_total (\d+)$/m.exec(await answer.text())?.[1]);
}

/** What a process has worked, in hundredths of a second. */
function workOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Of an idle process, over a second. */
async function workOfASecond(child: ChildProcess): Promise<number> {
  const before = workOf(child);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return workOf(child) - before;
}

/** Every line is whole, and of each request there is one, or it was counted among the dropped. */
function tallyOf(log: string): { requests: number; dropped: number } {
  const lines = log
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { msg: string; lines?: number });
  const dropped = lines.reduce((sum, { lines: count = 0 }) => sum + count, 0);
  return { requests: lines.filter(({ msg }) => msg === "api").length, dropped };
}

describe("a log that nobody takes", () => {
  it("because its disk is full: serving goes on, lines are dropped and counted, and it says so when there is room", async () => {
    const file = path.join(disk, "log");
    const log = openSync(file, "a");
    const { child, address } = await startApi(log);
    closeSync(log);
    const ballast = path.join(disk, "ballast");
    expect(() => writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024))).toThrow(/ENOSPC/);

    expect(await askMuch(address)).toBe(REQUESTS);
    const dropped = await droppedBy(address);
    expect(dropped).toBeGreaterThan(0);
    expect(await workOfASecond(child)).toBeLessThan(50);

    truncateSync(ballast, 0);
    const remount = spawnSync("mount", ["-o", "remount,size=64m", disk]);
    expect(remount.status).toBe(0);
    const tally = () => tallyOf(readFileSync(file, "utf8").replace(/\n[^\n]*$/, ""));
    await expect.poll(tally, { timeout: 20_000 }).toEqual({ requests: REQUESTS - dropped, dropped });
  });

  it("because its pipe is not read: the same, and the end of the process does not wait for it", async () => {
    const { child, address } = await startApi("pipe");
    expect(await askMuch(address)).toBe(REQUESTS);
    const dropped = await droppedBy(address);
    expect(dropped).toBeGreaterThan(0);
    expect(await workOfASecond(child)).toBeLessThan(50);

    let log = "";
    child.stdout?.on("data", (chunk) => (log += String(chunk)));
    await expect
      .poll(() => tallyOf(log.replace(/\n[^\n]*$/, "")), { timeout: 20_000 })
      .toEqual({ requests: REQUESTS - dropped, dropped });

    child.stdout?.removeAllListeners("data").pause();
    expect(await askMuch(address)).toBe(REQUESTS);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const startedAtMs = performance.now();
    child.disconnect();
    expect(await ended).toBe(0);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });

  it("keeps every line of a process that ends, where somebody reads after all", async () => {
    const { child, address } = await startApi("pipe");
    expect(await askMuch(address, FEW_REQUESTS)).toBe(FEW_REQUESTS);
    child.disconnect();
    let log = "";
    child.stdout?.on("data", (chunk) => (log += String(chunk)));
    await new Promise((resolve) => child.stdout?.once("end", resolve));
    expect(tallyOf(log)).toEqual({ requests: FEW_REQUESTS, dropped: 0 });
  });
});
