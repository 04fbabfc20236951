import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";

export interface ProcessFacts {
  parentPid: number;
  command: string;
}

/** What the system says about a living process; null when there is none of that id (a zombie counts as none). */
export function lookUpProcess(pid: number): ProcessFacts | null {
  if (process.platform === "linux") return lookUpInProc(pid);
  const listed = spawnSync("ps", ["-o", "ppid=,command=", "-p", String(pid)], { encoding: "utf8" });
  const match = /^\s*(\d+)\s+(.*)$/m.exec(listed.stdout);
  return match ? { parentPid: Number(match[1]), command: match[2] ?? "" } : null;
}

function lookUpInProc(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks and parentheses itself.
    const [state, parentPid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return null;
    return {
      parentPid: Number(parentPid),
      command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "),
    };
  } catch {
    return null;
  }
}

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/** The user that a program may run as which refuses to be root; null when this process isn't root (then it needs none). */
export function unprivilegedUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const [name, , uid, gid] = users.find((fields) => fields[0] === wanted) ?? [];
    if (name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/** True when every folder above lets this user pass. */
export function canReach(file: string, user: SystemUser): boolean {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const search = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & search) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}
