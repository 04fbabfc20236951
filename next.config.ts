import { readFileSync } from "node:fs";
import path from "node:path";
import type { NextConfig } from "next";
import { PHASE_PRODUCTION_BUILD, PHASE_PRODUCTION_SERVER } from "next/constants";

import { actionsKeyOf, buildIdOf, sourcesHash } from "./scripts/sources.mjs";

const ROOT = import.meta.dirname;

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  // Plain Node loads these from node_modules: they are native, or must exist once in the process.
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "graphile-worker", "pino"],
  typescript: { ignoreBuildErrors: true }, // `npm test` runs tsc over everything; a start need not wait for it
  // Else a lock file in a folder above would move it, and with it the names of what is built.
  turbopack: { root: ROOT },
};

/** A build is called by its sources, whichever machine made it; what serves it tells browsers so by the same name. */
export default function configure(phase: string): NextConfig {
  if (phase === PHASE_PRODUCTION_SERVER) return { ...config, deploymentId: builtAs() };
  if (phase !== PHASE_PRODUCTION_BUILD) return config;
  const hash = sourcesHash();
  const buildId = buildIdOf(hash);
  // An operator's own key wins.
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ||= actionsKeyOf(hash);
  return { ...config, deploymentId: buildId, generateBuildId: () => buildId };
}

/** Not from the sources: where a copy of the build runs they need not be. */
function builtAs(): string {
  return readFileSync(path.join(ROOT, ".next/BUILD_ID"), "utf8").trim();
}
