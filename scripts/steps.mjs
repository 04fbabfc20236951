import { Console } from "node:console";

/** An end that was foreseen: its message is all there is to say. */
export class Refusal extends Error {
  // Told by its name: the bundled copy of this class is another one.
  name = "Refusal";
}

/** What a start tells the person before it: plain text, also when the server has taken the console for its log. */
export const terminal = new Console(process.stdout, process.stderr);

export async function step(name, work) {
  const startedAt = performance.now();
  const worked = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  terminal.log(`  ${name.padEnd(18)} ${worked === false ? "up to date" : "done"} (${seconds} s)`);
}
