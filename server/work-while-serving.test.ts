import { expect, it } from "vitest";

import { makeServing } from "@/lib/platform/serving";
import { workWhileServing } from "./work-while-serving";

/** Notes when workers begin and end; one that stops takes its time. */
function workers() {
  const told: string[] = [];
  let made = 0;
  let die = (): void => undefined;
  const start = () => {
    const name = `worker ${(made += 1)}`;
    told.push(`${name} begins`);
    let isAlive = true;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    die = () => {
      isAlive = false;
      end();
    };
    const stop = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      told.push(`${name} has ended`);
      die();
    };
    return Promise.resolve({ isAlive: () => isAlive, ended, stop });
  };
  return { told, start, die: () => die() };
}

it("takes no jobs while the process must not serve, and goes on by itself, one worker after the other", async () => {
  const serving = makeServing();
  const { told, start } = workers();
  serving.refuse("databaseIdentity", "Another database.");
  const worker = await workWhileServing(start, serving);
  expect([told, worker.isAlive()]).toEqual([[], true]);
  serving.refuse("databaseIdentity", null);
  await expect.poll(() => told).toEqual(["worker 1 begins"]);
  serving.refuse("schemaContract", "Another schema.");
  serving.refuse("schemaContract", null);
  serving.refuse("schemaContract", "Another schema.");
  serving.refuse("schemaContract", null);
  await worker.stop();
  expect(told.at(-1)).toMatch(/has ended$/);
  expect(told.filter((said) => said.endsWith("begins"))).toHaveLength(
    told.filter((said) => said.endsWith("has ended")).length,
  );
  for (const [index, said] of told.entries()) expect(said.endsWith("begins")).toBe(index % 2 === 0);
});

it("a worker that has ended by itself is followed by another", async () => {
  const { told, start, die } = workers();
  const worker = await workWhileServing(start, makeServing());
  die();
  await expect
    .poll(() => told, { timeout: 15_000 })
    .toEqual(["worker 1 begins", "worker 1 has ended", "worker 2 begins"]);
  expect(worker.isAlive()).toBe(true);
  await worker.stop();
  expect([told.at(-1), worker.isAlive()]).toEqual(["worker 2 has ended", false]);
});
