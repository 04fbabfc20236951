import { Console } from "node:console";

/** An end that was foreseen: its message is all there is to say. */
export class Refusal extends Error {
  // Told by its name: the bundled copy of this class is another one.
  name = "Refusal";
}

/** A sentence where the system refused a file, else null. */
export function fileComplaint(error) {
  const { code, path } = error ?? {};
  if (code === "ENOSPC")
    return `The disk is full${path ? `: ${path} could not be written` : ""}. Nothing that was there is lost.`;
  if (!path || !["EACCES", "EPERM", "EROFS"].includes(code)) return null;
  return `${path} must be read or written here, and this user may not (${code}). Let the checkout's owner run npm run build, name a database by DATABASE_URL, or start with --data and a folder that may be written to.`;
}

/** What a start tells the person before it: plain text, also when the server has taken the console for its log. */
export const terminal = new Console(process.stdout, process.stderr);

export async function step(name, work) {
  const startedAt = performance.now();
  const worked = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  terminal.log(`  ${name.padEnd(18)} ${worked === false ? "up to date" : "done"} (${seconds} s)`);
}
