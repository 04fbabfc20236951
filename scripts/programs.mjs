// Programs of the system that the tests run: what is there first, then what Debian has.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The first of these that is in PATH; null when none is. */
export function findProgram(/** @type {string[]} */ ...names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable) ?? null;
}

export function isExecutable(/** @type {string} */ file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs packages where that needs nobody's password; whoever asked looks whether it worked. */
export function installFromDebian(/** @type {string} */ what, /** @type {string[]} */ ...packages) {
  const system = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (process.getuid?.() !== 0 || !/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) return;
  console.log(`  Installing ${what} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { env, stdio: "ignore" });
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env, stdio: "ignore" });
}

/** What the request snippets of the console are run with; JavaScript runs with this very Node. */
const INTERPRETERS = ["curl", "python3", "ruby"];

/** Makes sure that each request snippet can be run. @throws where one cannot */
export function findInterpreters() {
  const missing = () => INTERPRETERS.filter((name) => findProgram(name) === null);
  if (missing().length > 0) installFromDebian(missing().join(", "), ...missing());
  const [absent] = missing();
  if (absent) throw new Error(`The request snippets cannot be tested without ${absent}: install it.`);
}
