// A registry mirror that holds only some systems' binaries leaves the others out of package-lock.json, and `npm ci` then
// refuses the lock everywhere. This writes them in (versions are pinned by the packages that ask for them), or with
// --check only says which are missing.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./prepare.mjs";

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/**
 * The entries that `npm ci` would miss: path in the lock → entry.
 * @param {Record<string, any>} packages the lock's
 */
export function missingEntries(packages) {
  /** @type {Record<string, object>} */
  const missing = {};
  for (const [where, { optionalDependencies = {}, dev, devOptional }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (findInstalled(packages, where, name) || !/^[~^]?\d/.test(version)) continue;
      missing[`node_modules/${name}`] = {
        version: version.replace(/^[~^]/, ""),
        ...platformOf(name),
        ...(dev && { dev }),
        ...(devOptional && { devOptional }),
        optional: true,
      };
    }
  }
  return missing;
}

/** As Node looks it up: beside the one that asks, and in every folder above. */
function findInstalled(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (packages[`${folder ? `${folder}/` : ""}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function platformOf(name) {
  const words = name.replace("wasm32-wasi", "wasm32").split(/[-/]/);
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const os = SYSTEMS.filter((system) => words.includes(system));
  const libc = words.some((word) => word.startsWith("musl")) ? ["musl"] : words.includes("gnu") ? ["glibc"] : [];
  return { ...(cpu.length && { cpu }), ...(libc.length && os.includes("linux") && { libc }), ...(os.length && { os }) };
}

function main() {
  const file = path.join(ROOT, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingEntries(lock.packages);
  const names = Object.keys(missing);
  if (process.argv.includes("--check")) {
    if (names.length > 0)
      console.error(`package-lock.json lacks ${names.join(", ")}: run \`node scripts/complete-lock.mjs\`.`);
    process.exitCode = names.length > 0 ? 1 : 0;
    return;
  }
  const sorted = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`Wrote ${names.length} entries.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
