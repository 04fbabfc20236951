import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { hash } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DatabaseProxy } from "@/e2e/database-proxy";
import { SCOPES } from "@/lib/auth/scopes";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { db } from "@/lib/platform/database/db";
import {
  makeAccountWithPeople,
  makeApiKey,
  makeSession,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { buildHub, startBuiltHub, type BuiltHub } from "@/testing/built-hub";
import { freePort } from "@/testing/free-port";
import { startRoundRobin, type RoundRobin } from "@/testing/round-robin";
import { expectWholeLogs } from "@/testing/whole-logs";

/** As on two machines: the same sources in two folders, each with a build of its own. */
const HERE = process.cwd();
const ELSEWHERE = path.join(HERE, ".build/two-builds/another/folder");
const LEFT_OUT = new Set(["node_modules", ".git", ".next", ".build", ".data", "docs", "test-results"]);

const POSTS = 1000;
const EVERY_NTH_IS_A_FORM = 20;
const BATCH_SIZE = 4;

/** The promise, and what a busy machine may be late by. */
const NOTICED_MS = 5000 + 3000;
/** How often the proxy looks at `/readyz`, and how long an instance that stops serves on: it is looked at several times. */
const LOOK_EVERY_MS = 250;
const DRAIN_SECONDS = "3";

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
    await buildHub(HERE);
    await buildHub(ELSEWHERE);
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
    let token: string;
    let door: DatabaseProxy;

    const start = (folder: string) => {
      const url = new URL(String(process.env.DATABASE_URL));
      url.port = String(door.port);
      return startBuiltHub(folder, proxy.address, { DATABASE_URL: url.href, DRAIN_SECONDS });
    };

    beforeAll(async () => {
      proxy = await startRoundRobin();
      door = new DatabaseProxy(await freePort());
      await door.lead(Number(new URL(String(process.env.DATABASE_URL)).port));
      hubs = await Promise.all([HERE, ELSEWHERE].map(start));
      proxy.leadTo(hubs.map(({ port }) => port));
      account = await makeAccountWithPeople({ plan: "premium" });
      ({ token } = await makeApiKey({ account: account.account, createdBy: account.owner, scopes: SCOPES }));
      cookie = `${sessionCookieName(proxy.address)}=${await makeSession(account.owner)}`;
    });

    afterAll(async () => {
      await Promise.all(hubs.map((hub) => hub.stop()));
      await proxy.close();
      await door.shut();
      await expectWholeLogs();
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
      await Promise.all(Array.from({ length: BATCH_SIZE }, work));
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

    const contactsPage = () =>
      fetch(`${proxy.address}/${account.account.token}/contacts`, { headers: { Cookie: cookie } });
    const createContact = (name: string) => {
      const found = [...actionsOf(HERE)].find(([, { exportedName }]) => exportedName === "createContactAction");
      if (found === undefined) throw new Error("no such action");
      return call(...found, [account.account.token, { first_name: name }]);
    };

    it("in a black hole pages and forms are told within 5 seconds, and go on within 5 seconds of its end", async () => {
      const timed = async <T>(work: Promise<T>) => {
        const began = performance.now();
        return { answer: await work, tookMs: performance.now() - began };
      };
      door.swallow();
      // Each instance is asked: by pages twice, by forms twice; once before it has noticed, and once after.
      try {
        for (const _when of ["unnoticed", "noticed"]) {
          const requests = [
            [1, 2].map(() => timed(contactsPage())),
            [1, 2].map(() => timed(createContact("In the hole"))),
          ] as const;
          const [pages, forms] = [await Promise.all(requests[0]), await Promise.all(requests[1])];
          console.log({ holeMs: [...pages, ...forms].map(({ tookMs }) => Math.round(tookMs)) });
          for (const { answer, tookMs } of pages)
            expect([answer.status, answer.headers.get("retry-after"), tookMs < NOTICED_MS]).toEqual([503, "5", true]);
          for (const { answer, tookMs } of forms) {
            expect([answer.status, tookMs < NOTICED_MS]).toEqual([503, true]);
            expect(answer.text).toContain("not available for a moment");
          }
        }
      } finally {
        door.serve();
      }
      const back = async () => {
        const pages = await Promise.all([contactsPage(), contactsPage()]);
        const forms = await Promise.all([createContact("After it"), createContact("After it")]);
        return [...pages.map(({ status }) => status), ...forms.map(({ text }) => /"ok":true/.test(text))];
      };
      await expect.poll(back, { timeout: NOTICED_MS, interval: 50 }).toEqual([200, 200, true, true]);
      expect(await db().contact.count({ where: { firstName: "In the hole" } })).toBe(0);
    });

    it("are replaced one after the other under load, and no request fails", async () => {
      proxy.watchReadiness(LOOK_EVERY_MS);
      const failed: string[] = [];
      let [isOver, posts, asked] = [false, 0, 0];
      const key = { Authorization: `Token ${token}`, "Account-Token": account.account.token };
      const note = async (what: string, wanted: number, request: Promise<Response>) => {
        asked += 1;
        const answer = await request.catch((error: unknown) => String(error));
        if (typeof answer === "string") failed.push(`${what}: ${answer}`);
        else if (answer.status !== wanted)
          failed.push(`${what}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
        else await answer.arrayBuffer();
      };
      const read = () => note("GET", 200, fetch(`${proxy.address}/api/v1/contacts?per_page=5`, { headers: key }));
      const write = () => {
        const headers = { ...key, "Content-Type": "application/json", "Idempotency-Key": `upgrade-${++posts}` };
        const body = JSON.stringify({ first_name: "Rolled" });
        return note("POST", 201, fetch(`${proxy.address}/api/v1/contacts`, { method: "POST", headers, body }));
      };
      const visit = () => note("page", 200, contactsPage());
      const load = [read, write, visit].map(async (ask) => {
        while (!isOver) await ask();
      });
      for (const [index, folder] of [HERE, ELSEWHERE].entries()) {
        await hubs[index]?.stop();
        hubs[index] = await start(folder);
        proxy.leadTo(hubs.map(({ port }) => port));
      }
      isOver = true;
      await Promise.all(load);
      console.log({ asked, posts });
      expect(failed).toEqual([]);
      expect(posts).toBeGreaterThan(0);
      expect(await db().contact.count({ where: { firstName: "Rolled" } })).toBe(posts);
    });
  });
});
