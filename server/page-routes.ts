import { readFileSync } from "node:fs";
import path from "node:path";

interface Manifest {
  readonly staticRoutes?: readonly { readonly page: string }[];
  readonly dynamicRoutes?: readonly { readonly page: string; readonly regex: string }[];
}

const UNKNOWN = "unknown";

/** The pattern of a page's path, such as `/[accountToken]/api-keys/[id]`: what a log and a label may hold of an address. */
export type RouteOf = (path: string) => string;

/** From what the build wrote down; a development server has no such list, and names everything alike. */
export function readPageRoutes(directory = ".next"): RouteOf {
  const { staticRoutes = [], dynamicRoutes = [] } = readManifest(path.join(directory, "routes-manifest.json"));
  const fixed = new Set(staticRoutes.map(({ page }) => page));
  const patterns = dynamicRoutes.map(({ page, regex }) => ({ page, pattern: new RegExp(regex) }));
  return (address) => {
    if (address.startsWith("/_next/")) return "/_next";
    if (fixed.has(address)) return address;
    return patterns.find(({ pattern }) => pattern.test(address))?.page ?? UNKNOWN;
  };
}

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch {
    return {};
  }
}
