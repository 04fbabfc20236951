import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const EMPTY = path.join(ROOT, "scripts/empty.mjs");

/**
 * TypeScript to `.build/`, packages left outside, with the folders kept: `server/main.ts` becomes `.build/server/main.mjs`.
 * One call for everything that runs in one process: shared modules then exist once.
 * @param {string[]} entries
 * @param {string} [outdir]
 */
export function bundleOptions(entries, outdir = path.join(ROOT, ".build")) {
  mkdirSync(outdir, { recursive: true });
  return {
    absWorkingDir: ROOT,
    entryPoints: entries,
    outdir,
    outbase: ROOT,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: /** @type {const} */ ("esm"),
    platform: /** @type {const} */ ("node"),
    target: "node20",
    jsx: /** @type {const} */ ("automatic"),
    packages: /** @type {const} */ ("external"),
    alias: { "server-only": EMPTY, "@": ROOT },
    sourcemap: /** @type {const} */ ("linked"),
    logLevel: /** @type {const} */ ("warning"),
  };
}

/**
 * Writes what has changed, each file whole and none that is there: a hub that runs loads parts of it later, and whoever
 * starts a finished build may not be allowed to write. False when nothing had changed.
 * @param {string[]} entries @param {string} [outdir]
 */
export async function bundle(entries, outdir) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({ ...bundleOptions(entries, outdir), write: false });
  const changed = outputFiles.filter(
    ({ path: file, contents }) => !existsSync(file) || !readFileSync(file).equals(contents),
  );
  for (const { path: file, contents } of changed) {
    mkdirSync(path.dirname(file), { recursive: true });
    const beside = `${file}-${process.pid}`;
    writeFileSync(beside, contents);
    renameSync(beside, file);
  }
  return changed.length > 0;
}
