import { mkdirSync } from "node:fs";
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

/** @param {string[]} entries @param {string} [outdir] */
export async function bundle(entries, outdir) {
  const { build } = await import("esbuild");
  await build(bundleOptions(entries, outdir));
}
