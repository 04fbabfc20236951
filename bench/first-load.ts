import { gzipSync } from "node:zlib";

import { atMost, type Figure } from "./figure";
import { withSignedInPage } from "./signed-in-page";

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
export function measureFirstLoad(environment: Readonly<Record<string, string>>): Promise<Figure[]> {
  return withSignedInPage(environment, async ({ origin, path, cookie }) => {
    const answer = await fetch(origin + path, { headers: { cookie } });
    const html = await answer.text();
    if (answer.status !== 200) throw new Error(`the page did not come: ${answer.status}`);
    const scripts = await scriptsOf(origin, html);
    const kilobytes = scripts.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
    return [
      atMost(1, {
        name: `first-load JavaScript of the API Keys page, gzip, to ${FRAMEWORK_KB} + ${OURS_KB} kB`,
        ratio: kilobytes / (FRAMEWORK_KB + OURS_KB),
        detail: `${kilobytes.toFixed(1)} kB in ${scripts.length} files`,
      }),
    ];
  });
}
