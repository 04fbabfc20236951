import { afterAll, beforeEach, expect, it, vi } from "vitest";

import { putInOutbox } from "@/lib/platform/mail/outbox";

const argv = [...process.argv];
const said: string[] = [];
vi.spyOn(console, "log").mockImplementation((line: unknown) => void said.push(String(line)));

beforeEach(() => {
  said.length = 0;
});
afterAll(() => {
  process.argv = argv;
  process.exitCode = 0;
});

/** Runs the script, as `npm run outbox -- …` does once it has a database. */
async function run(...args: string[]): Promise<string> {
  process.argv = [...argv.slice(0, 2), ...args];
  vi.resetModules();
  await import("./outbox");
  return said.join("\n");
}

it("prints the newest mails, the newest last, and nothing of them steers the terminal", async () => {
  const put = (subject: string, text: string) => putInOutbox({ to: "olivia@example.com", subject, html: "", text });
  await put("Older", "older");
  await put(
    "Mallory \u001b]0;owned\u0007invites\r\nyou",
    "Hello \u001b[2J\u009b31m\u202eOlivia,\n\nhttp://localhost:3000/x",
  );
  await put("Newest", "https://hub.example/sign-in/link?token=x");
  const text = await run("--mails", "2");
  expect(text).not.toContain("older");
  expect(text).toContain("To: olivia@example.com\nSubject: Mallory ]0;ownedinvites you\nDate: 2");
  expect(text).toContain("Hello [2J31mOlivia,\n\nhttp://localhost:3000/x\n");
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.trimEnd().endsWith("https://hub.example/sign-in/link?token=x")).toBe(true);
});

it.each([[["--mails", "0"]], [["--mails", "x"]], [["--what"]]])("says how it is called: %j", async (args) => {
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await run(...args)).toBe("");
  expect(errors.mock.calls).toEqual([[expect.stringMatching(/^Say: npm run outbox/)]]);
  errors.mockClear();
  expect(process.exitCode).toBe(1);
});
