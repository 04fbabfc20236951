import { expect, it } from "vitest";

import { makeServing } from "@/lib/platform/serving";
import { workWhileServing } from "./work-while-serving";

/** Notes when workers begin and end; one that stops takes its time. */
function workers() {
  const log: string[] = [];
  let made = 0;
  let die = (): void => undefined;
  const start = () => {
    const name = `worker ${(made += 1)}`;
    log.push(`${name} begins`);
    let isAlive = true;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    die = () => {
      isAlive = false;
      end();
    };
    const stop = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} has ended`);
      die();
    };
    return Promise.resolve({ isAlive: () => isAlive, ended, stop });
  };
  return { log, start, die: () => die() };
}

it("takes no jobs while the process must not serve, and goes on by itself, one worker after the other", async () => {
  const serving = makeServing();
  const { log, start } = workers();
  serving.refuse("databaseIdentity", "Another database.");
  const worker = await workWhileServing(start, serving);
  expect([log, worker.isAlive()]).toEqual([[], true]);
  serving.refuse("databaseIdentity", null);
  await expect.poll(() => log).toEqual(["worker 1 begins"]);
  serving.refuse("schemaContract", "Another schema.");
  serving.refuse("schemaContract", null);
  serving.refuse("schemaContract", "Another schema.");
  serving.refuse("schemaContract", null);
  await worker.stop();
  expect(log.at(-1)).toMatch(/has ended$/);
  expect(log.filter((said) => said.endsWith("begins"))).toHaveLength(
    log.filter((said) => said.endsWith("has ended")).length,
  );
  for (const [index, said] of log.entries()) expect(said.endsWith("begins")).toBe(index % 2 === 0);
});

it("a worker that has ended by itself is followed by another", async () => {
  const { log, start, die } = workers();
  const worker = await workWhileServing(start, makeServing());
  die();
  await expect
    .poll(() => log, { timeout: 15_000 })
    .toEqual(["worker 1 begins", "worker 1 has ended", "worker 2 begins"]);
  expect(worker.isAlive()).toBe(true);
  await worker.stop();
  expect([log.at(-1), worker.isAlive()]).toEqual(["worker 2 has ended", false]);
});
