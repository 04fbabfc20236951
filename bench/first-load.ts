import { gzipSync } from "node:zlib";

import { openEveryPage, type OpenedPage } from "./every-page";
import { atMost, type Figure } from "./figure";
import { withSignedInPage } from "./signed-in-page";

/** The framework's own, and what the page may add; kB = 1,000 bytes. */
const FRAMEWORK_KB = 131;
const OURS_KB = 80;
export const FIRST_LOAD_KB = FRAMEWORK_KB + OURS_KB;

/** What a page makes the browser load before anybody has clicked. */
export interface FirstLoad extends Pick<OpenedPage, "route" | "space"> {
  readonly kilobytes: number;
  readonly files: number;
}

/** Every script that the page names. */
function scriptsIn(html: string): string[] {
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  const named = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .map((tag) => /\b(?:src|href)="([^"]+\.js(?:\?[^"]*)?)"/.exec(tag)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(named)];
}

async function compressedSize(address: URL): Promise<number> {
  const answer = await fetch(address);
  if (answer.status !== 200) throw new Error(`${address.pathname}: ${answer.status}`);
  return gzipSync(Buffer.from(await answer.arrayBuffer())).length;
}

/** The JavaScript of every page, compressed, the largest first; what leads on, or is in no such space, has none. */
export async function firstLoads(origin: string): Promise<FirstLoad[]> {
  const sizes = new Map<string, Promise<number>>();
  const sizeOf = (name: string) => {
    const size = sizes.get(name) ?? compressedSize(new URL(name, origin));
    sizes.set(name, size);
    return size;
  };
  const loads: FirstLoad[] = [];
  for (const { route, path, space, cookie } of await openEveryPage(origin)) {
    const answer = await fetch(origin + path, { headers: { cookie }, redirect: "manual" });
    const html = await answer.text();
    if (answer.status !== 200) continue;
    const bytes = await Promise.all(scriptsIn(html).map(sizeOf));
    const kilobytes = bytes.reduce((sum, size) => sum + size, 0) / 1000;
    loads.push({ route, space, kilobytes, files: bytes.length });
  }
  return loads.sort((left, right) => right.kilobytes - left.kilobytes);
}

/** "211.0 kB in 20 files: /[accountToken]/api-keys (customer)" */
export function sayFirstLoad({ route, space, kilobytes, files }: FirstLoad): string {
  return `${kilobytes.toFixed(1)} kB in ${files} files: ${route}${space === null ? "" : ` (${space})`}`;
}

/** The page that loads most, from the production build. */
export function measureFirstLoad(environment: Readonly<Record<string, string>>): Promise<Figure[]> {
  return withSignedInPage(environment, async ({ origin }) => {
    const loads = await firstLoads(origin);
    const [largest] = loads;
    if (largest === undefined) throw new Error("no page came");
    console.log(loads.map(sayFirstLoad).join("\n"));
    return [
      atMost(1, {
        name: `first-load JavaScript of the largest page, gzip, to ${FRAMEWORK_KB} + ${OURS_KB} kB`,
        ratio: largest.kilobytes / FIRST_LOAD_KB,
        detail: `${sayFirstLoad(largest)}; ${loads.length} pages measured`,
      }),
    ];
  });
}
