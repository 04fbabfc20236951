import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

import type { PrismaClient, User } from "@/generated/prisma/client";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import type * as Factories from "@/prisma/factories/accounts-and-keys";
import type * as Fleet from "@/prisma/factories/vehicles";
import type * as PeopleAndEntries from "@/prisma/factories/contacts-and-entries";

type Person = "owner" | "administrator" | "member" | "limited" | Pick<User, "id">;
type SessionAge = Parameters<typeof Factories.makeSession>[1];

/** What a browser says of its page besides what it shows: the test fails on any of it that it did not foresee. */
export class Noise {
  private readonly heard: string[] = [];
  private readonly foreseen: RegExp[] = [];

  listen(context: BrowserContext): void {
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      this.heard.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.heard.push(`page error: ${error.error().stack ?? error.error().message}`));
  }

  /** Such as the browser's own line about a page that answers 404. */
  foresee(pattern: RegExp): void {
    this.foreseen.push(pattern);
  }

  unforeseen(): string[] {
    return this.heard.filter((line) => !this.foreseen.some((pattern) => pattern.test(line)));
  }
}

/** A document that answers 404, as Chromium words it. */
export const NOT_FOUND_LINE = /Failed to load resource: .* 404/;

interface Fixtures {
  readonly noise: Noise;
  /** A partner of this test's own, with three customers and a person of each role. */
  readonly partner: Factories.PartnerWithPeople;
  /** A customer's account of this test's own, with a person of each role. */
  readonly customer: Factories.AccountWithPeople;
  /** Signs the test's browser in, in no time. */
  readonly signedInAs: (person: Person, age?: SessionAge) => Promise<void>;
  /** Somebody else's browser, signed in or not. */
  readonly pageOf: (person: Person | null) => Promise<Page>;
}

interface ServerFixtures {
  /** The factories of prisma/factories/accounts-and-keys.ts, writing into the server's own database. */
  readonly factories: typeof Factories;
  /** What makes vehicles, contacts and their records, there too. */
  readonly fleet: typeof Fleet & typeof PeopleAndEntries;
  /** That database itself. */
  readonly db: PrismaClient;
}

export const test = base.extend<Fixtures, ServerFixtures>({
  factories: [
    async ({ browserName: _ }, use) => {
      Object.assign(process.env, JSON.parse(readFileSync(".build/e2e-environment.json", "utf8")));
      // Not at the top: what they import reads the environment.
      await use(await import("@/prisma/factories/accounts-and-keys"));
      const { endPools } = await import("@/lib/platform/database/pool");
      await endPools();
    },
    { scope: "worker" },
  ],
  fleet: [
    async ({ factories: _ }, use) =>
      use({
        ...(await import("@/prisma/factories/vehicles")),
        ...(await import("@/prisma/factories/contacts-and-entries")),
      }),
    { scope: "worker" },
  ],
  db: [
    async ({ factories: _ }, use) => {
      const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
      await use(bookkeepingDb());
    },
    { scope: "worker" },
  ],
  noise: [
    async ({ context }, use) => {
      const noise = new Noise();
      noise.listen(context);
      await use(noise);
      expect(noise.unforeseen(), "console errors and warnings").toEqual([]);
    },
    { auto: true },
  ],
  partner: async ({ factories }, use) => use(await factories.makePartnerWithPeople()),
  customer: async ({ factories }, use) => use(await factories.makeAccountWithPeople()),
  signedInAs: async ({ context, partner, factories, baseURL }, use) => {
    await use(async (person, age) => {
      const user = typeof person === "string" ? partner[person] : person;
      await context.addCookies([sessionCookie(baseURL ?? "", await factories.makeSession(user, age))]);
    });
  },
  pageOf: async ({ browser, partner, factories, baseURL, noise, viewport }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext({ viewport, baseURL, timezoneId: "UTC", locale: "en-US" });
      contexts.push(context);
      noise.listen(context);
      if (person !== null) {
        const user = typeof person === "string" ? partner[person] : person;
        await context.addCookies([sessionCookie(baseURL ?? "", await factories.makeSession(user))]);
      }
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

/** As the sign-in leaves it in the browser. */
export function sessionCookie(address: string, value: string) {
  return { name: sessionCookieName(address), value, url: address, httpOnly: true, sameSite: "Lax" as const };
}

export { expect };

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Half a megabyte of program, which a document needs once. */
function isAxeIn(page: Page): Promise<boolean> {
  return page.evaluate(() => "axe" in window);
}

/** Done when nothing on the page moves any more. Half-faded text has half its contrast. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    for (let still = 0; still < 2; still += 1) {
      const moving = document
        .getAnimations()
        .filter(({ playState, effect }) => playState === "running" && effect?.getComputedTiming().endTime !== Infinity);
      if (moving.length > 0) still = 0;
      await Promise.all(moving.map((animation) => animation.finished.catch(() => null)));
      await frame();
    }
  });
}

/** What axe says of the page, and whether the page stood still meanwhile: of one that did not, it saw no state that was ever shown. */
async function lookedAt(page: Page, rules?: string[]): Promise<{ complaints: string[]; stoodStill: boolean }> {
  await untilStill(page);
  const changes = await page.evaluateHandle(() => {
    const seen = { count: 0 };
    const count = () => (seen.count += 1);
    new MutationObserver(count).observe(document, { subtree: true, childList: true, attributes: true });
    for (const begun of ["animationstart", "transitionrun"]) document.addEventListener(begun, count);
    return seen;
  });
  // Its other mode opens a page of its own to put together what frames answered; there are none here.
  const axe = new AxeBuilder({ page, axeSource: (await isAxeIn(page)) ? ";" : undefined }).setLegacyMode();
  // Nobody reads what it says of elements that are in order, and saying so costs more than looking.
  axe.options({ resultTypes: ["violations"], selectors: false });
  const { violations } = await (
    rules ? axe.withRules(rules) : axe.withTags(WCAG).disableRules("document-title")
  ).analyze();
  const complaints = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}`).join("\n")}`,
  );
  return { complaints, stoodStill: (await changes.jsonValue()).count === 0 };
}

/** No violation of WCAG 2.2 AA, or of the rules named, in the page once it stands still. */
export async function expectAccessible(page: Page, rules?: string[]): Promise<void> {
  // Next takes the title out for a moment while it renews a page: that there is one is asked with patience.
  await expect(page).toHaveTitle(/\S/);
  let look = await lookedAt(page, rules);
  for (let again = 0; look.complaints.length > 0 && !look.stoodStill && again < 5; again += 1) {
    look = await lookedAt(page, rules);
  }
  expect(look.complaints, "what axe says of the page").toEqual([]);
}

/** The colours that the viewer's system asks for; the console follows. */
export async function useTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  if (page.url() !== "about:blank") await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
}
