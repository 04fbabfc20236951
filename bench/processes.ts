import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadOrder, LoadResult } from "./load";

const BUILT = ".build/bench";

/** Not bundled with this: it finds the repository by its own place. */
export function script<T>(name: string): Promise<T> {
  return import(pathToFileURL(path.resolve("scripts", name)).href) as Promise<T>;
}

/** Builds the programs that run as processes of their own. */
export async function buildPrograms(entries: readonly string[]): Promise<void> {
  const { bundle } = await script<{ bundle: (entries: readonly string[], outdir: string) => Promise<void> }>(
    "bundle.mjs",
  );
  await bundle(entries, path.resolve(BUILT));
}

/** The pages as they are served in production; quick when they were built before. */
export async function buildProductionPages(): Promise<void> {
  const { buildPages } = await script<{ buildPages: () => Promise<unknown> }>("prepare.mjs");
  await buildPages();
}

function start(entry: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return fork(path.resolve(BUILT, entry.replace(/\.ts$/, ".mjs")), {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`a process of the bench ended early (${code ?? "signal"})`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as T);
    });
  });
}

export interface Program {
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server of ours and waits until it listens. */
export function startProgram(entry: string, environment: Readonly<Record<string, string>>): Promise<Program> {
  return untilItListens(start(entry, environment));
}

/** The same for a program that is not built: a file with packages of its own. */
export function forkProgram(file: string, environment: Readonly<Record<string, string>>): Promise<Program> {
  const env = { ...process.env, ...environment };
  return untilItListens(fork(file, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] }));
}

async function untilItListens(child: ChildProcess): Promise<Program> {
  const { address } = await nextMessage<{ address: string }>(child);
  return { address, pid: child.pid ?? 0, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.disconnect();
  });
}

/** Gives an order to a process of its own, so that measuring takes no time from what is measured. */
export async function runProgram<Result>(
  entry: string,
  environment: Readonly<Record<string, string>>,
  order: object,
): Promise<Result> {
  const child = start(entry, environment);
  const result = nextMessage<Result>(child);
  child.send(order);
  const measured = await result;
  await stop(child);
  return measured;
}

export function measureLoad(order: LoadOrder): Promise<LoadResult> {
  return runProgram<LoadResult>("bench/load.ts", {}, order);
}
