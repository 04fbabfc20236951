import { spawn } from "node:child_process";
import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { hash } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeAccountWithPeople, makeSession, type AccountWithPeople } from "@/prisma/factories";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { db } from "@/lib/platform/db";
import { startBuiltHub, type BuiltHub } from "./built-hub";
import { startRoundRobin, type RoundRobin } from "./round-robin";

/** As on two machines: the same sources in two folders, each with a build of its own. */
const HERE = process.cwd();
const ELSEWHERE = path.join(HERE, ".build/two-builds/another/folder");
const LEFT_OUT = new Set(["node_modules", ".git", ".next", ".build", ".data", "docs", "test-results"]);
const BUILD = `
  const { bundle } = await import("./scripts/bundle.mjs");
  const { buildPages } = await import("./scripts/prepare.mjs");
  await bundle(["scripts/serve.ts", "server/main.ts"]);
  await buildPages();`;

const POSTS = 1000;
const EVERY_NTH_IS_A_FORM = 20;
const AT_ONCE = 4;

/** Hard links: a gigabyte of packages is there twice without being written. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

function copySources(): void {
  rmSync(ELSEWHERE, { recursive: true, force: true });
  mkdirSync(ELSEWHERE, { recursive: true });
  for (const name of readdirSync(HERE).filter((entry) => !LEFT_OUT.has(entry))) {
    cpSync(path.join(HERE, name), path.join(ELSEWHERE, name), { recursive: true });
  }
  linkFolder(path.join(HERE, "node_modules"), path.join(ELSEWHERE, "node_modules"));
}

async function build(folder: string): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", BUILD], { cwd: folder, stdio: "inherit" });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the build in ${folder} failed`);
}

interface Action {
  readonly exportedName: string;
  /** The pages that may call it. */
  readonly workers: Readonly<Record<string, unknown>>;
}

const readBuilt = (folder: string, file: string) => readFileSync(path.join(folder, ".next", file), "utf8");

function actionsOf(folder: string): ReadonlyMap<string, Action> {
  const manifest = JSON.parse(readBuilt(folder, "server/server-reference-manifest.json")) as {
    node: Record<string, Action>;
  };
  return new Map(Object.entries(manifest.node));
}

/** Everything that a browser may ask of a build, and what it is. */
function staticFiles(folder: string): Record<string, string> {
  const root = path.join(folder, ".next/static");
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(root, file), hash("sha256", readFileSync(file))] as const;
  });
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `app/[accountToken]/contacts/(list)/page` → where it is. */
function addressOf(page: string, account: { readonly token: string }): string {
  const segments = page.split("/").slice(1, -1);
  return `/${segments
    .filter((segment) => !segment.startsWith("("))
    .map((segment) => (segment === "[accountToken]" ? account.token : segment.replace(/^\[.*\]$/, "1")))
    .join("/")}`;
}

describe("two builds of the same sources", () => {
  beforeAll(async () => {
    copySources();
    await build(HERE);
    await build(ELSEWHERE);
  }, 1_800_000);

  afterAll(() => rmSync(path.join(HERE, ".build/two-builds"), { recursive: true, force: true }));

  it("are called alike, and so are their actions and files, wherever they were built", () => {
    expect(readBuilt(ELSEWHERE, "BUILD_ID")).toBe(readBuilt(HERE, "BUILD_ID"));
    expect(actionsOf(ELSEWHERE)).toEqual(actionsOf(HERE));
    expect(actionsOf(HERE).size).toBeGreaterThan(50);
    expect(staticFiles(ELSEWHERE)).toEqual(staticFiles(HERE));
  });

  describe("behind a proxy that goes round", () => {
    let proxy: RoundRobin;
    let hubs: BuiltHub[] = [];
    let account: AccountWithPeople;
    let cookie: string;

    beforeAll(async () => {
      proxy = await startRoundRobin();
      const starting = [HERE, ELSEWHERE].map((folder) => startBuiltHub(folder, proxy.address));
      hubs = await Promise.all(starting);
      proxy.leadTo(hubs.map(({ port }) => port));
      account = await makeAccountWithPeople();
      cookie = `${sessionCookieName(proxy.address)}=${await makeSession(account.owner)}`;
    });

    afterAll(async () => {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await proxy.close();
    });

    const call = async (id: string, { workers }: Action, args: readonly unknown[]) => {
      const [page = ""] = Object.keys(workers);
      const answer = await fetch(proxy.address + addressOf(page, account.account), {
        method: "POST",
        headers: { "Next-Action": id, Origin: proxy.address, Accept: "text/x-component", Cookie: cookie },
        body: JSON.stringify(args),
      });
      return { status: answer.status, text: await answer.text() };
    };

    it("take each other's forms: of 1,000 posts none is of an unknown action", async () => {
      const actions = [...actionsOf(HERE)];
      const [createId, create] = actions.find(([, { exportedName }]) => exportedName === "createContactAction") ?? [];
      const { token, id } = account.account;
      const statuses: Record<string, number> = {};
      const posts = Array.from({ length: POSTS }, (_, index) => index);
      const work = async () => {
        for (let index = posts.pop(); index !== undefined; index = posts.pop()) {
          const isForm = index % EVERY_NTH_IS_A_FORM === 0;
          const [actionId, action] = actions[index % actions.length] ?? ["", { exportedName: "", workers: {} }];
          const { status } =
            isForm && createId !== undefined && create !== undefined
              ? await call(createId, create, [token, { first_name: `Contact ${index}` }])
              : // Nobody's account and no input: each action knows itself called, and refuses.
                await call(actionId, action, ["", null]);
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(statuses).toEqual({ 200: POSTS });
      expect(await db().contact.count({ where: { accountId: id } })).toBe(POSTS / EVERY_NTH_IS_A_FORM);
      for (const [actionId] of actions) expect(proxy.askedFor(actionId), actionId).toBe(hubs.length);
    });

    it("have each file that a page of either asks for", async () => {
      const page = await fetch(`${proxy.address}/${account.account.token}/contacts`, { headers: { Cookie: cookie } });
      const files = new Set((await page.text()).match(/\/_next\/static\/[^"\\ ]+/g));
      expect(files.size).toBeGreaterThan(5);
      for (const file of files) {
        const answers = [await fetch(proxy.address + file), await fetch(proxy.address + file)];
        expect([file, ...answers.map(({ status }) => status)]).toEqual([file, 200, 200]);
        expect(proxy.askedFor(file)).toBe(hubs.length);
      }
    });
  });
});
