import { gzipSync } from "node:zlib";

import { sessionCookieName } from "@/lib/auth/session-cookie";
import { endPools } from "@/lib/platform/pool";
import { makeApiKey, makePartnerWithPeople, makeSession } from "@/prisma/factories";
import { atMost, type Figure } from "./figure";
import { startProgram } from "./processes";

const PORT = "4712";
/** The framework's own, and what the page may add; kB = 1,000 bytes. */
const FRAMEWORK_KB = 131;
const OURS_KB = 80;

/** What the browser loads before anybody has clicked: every script that the page names. */
async function scriptsOf(address: string, html: string): Promise<{ readonly name: string; readonly bytes: number }[]> {
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  const named = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .map((tag) => /\b(?:src|href)="([^"]+\.js(?:\?[^"]*)?)"/.exec(tag)?.[1])
    .filter((name) => name !== undefined);
  return Promise.all(
    [...new Set(named)].map(async (name) => {
      const answer = await fetch(new URL(name, address));
      if (answer.status !== 200) throw new Error(`${name}: ${answer.status}`);
      return { name, bytes: gzipSync(Buffer.from(await answer.arrayBuffer())).length };
    }),
  );
}

/** The JavaScript of the API Keys page, compressed, from the production build. */
export async function measureFirstLoad(environment: Readonly<Record<string, string>>): Promise<Figure[]> {
  const appUrl = `http://localhost:${PORT}`;
  Object.assign(process.env, environment, { APP_URL: appUrl, HUB_EMBEDDED: "1" });
  const { account, owner } = await makePartnerWithPeople();
  await makeApiKey({ account, createdBy: owner });
  const cookie = `${sessionCookieName(appUrl)}=${await makeSession(owner)}`;
  await endPools();
  const settings = { PORT, APP_URL: appUrl, HUB_ROLES: "web", HUB_EMBEDDED: "1", LOG_LEVEL: "silent" };
  const pages = await startProgram("bench/serve-api.ts", { ...environment, ...settings });
  try {
    const answer = await fetch(`${appUrl}/${account.token}/api-keys`, { headers: { cookie } });
    const html = await answer.text();
    if (answer.status !== 200) throw new Error(`the page did not come: ${answer.status}`);
    const scripts = await scriptsOf(appUrl, html);
    const kilobytes = scripts.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
    return [
      atMost(1, {
        name: `first-load JavaScript of the API Keys page, gzip, to ${FRAMEWORK_KB} + ${OURS_KB} kB`,
        ratio: kilobytes / (FRAMEWORK_KB + OURS_KB),
        detail: `${kilobytes.toFixed(1)} kB in ${scripts.length} files`,
      }),
    ];
  } finally {
    await pages.stop();
  }
}
