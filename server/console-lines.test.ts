import { afterAll, expect, it } from "vitest";

import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import { newLog } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { captureConsole } from "./console-lines";

const lines: string[] = [];
const own = { ...console };
const listeners = process.listeners("warning");

// Before anybody else asks for the log of this process.
singleton("log", () => newLog({ write: (line: string) => void lines.push(line) }, "trace"));
captureConsole();
// Each test watches the console itself.
const { error: say } = console;
afterAll(() => {
  Object.assign(console, own);
  process.removeAllListeners("warning");
  for (const listener of listeners) process.on("warning", listener);
});

const { token } = mintApiKeyToken();
const SENT = "Zanz 47x1";

/** In the framework's wordings, with what a caller may put into them. */
it.each([
  [
    "headers that do not fit",
    [
      `\`x-forwarded-host\` header with value \`${SENT}\` does not match \`origin\` header with value \`${SENT}.example\` from a forwarded Server Actions request. Aborting the action.`,
    ],
    "from a forwarded Server Actions request. Aborting the action.",
  ],
  [
    "a path in quotation marks",
    [`Cannot render page with path "${SENT}", did you mean "/${SENT}"?`],
    "Cannot render page",
  ],
  [
    "an id in single ones",
    [`Failed to find Server Action '${SENT}'. It may be of an older deployment.`],
    "Server Action",
  ],
  ["an address with a query", ["Failed to proxy http://localhost/x?q=Zanz+47x1", new Error("no")], "Failed to proxy"],
  ["what is inspected", ["refused", { headers: { "x-name": SENT }, list: [SENT] }], "refused"],
  ["a format", ["could not read %o", SENT], "could not read"],
  ["colours, and lines of a log", [`\u001b[31mno\u001b[39m "\n{\\"level\\":60,\\"x\\":\\"${SENT}\\"}"`], "no"],
  ["a key", [`given ${token}`], "given fah_"],
])("a line of the console is one of the log without what was sent: %s", (_what, said, keeps) => {
  lines.length = 0;
  say(...said);
  expect(lines).toHaveLength(1);
  const [line = ""] = lines;
  expect(line).not.toMatch(/Zanz|47x1/);
  expect(line).not.toContain(token);
  expect(line.trimEnd()).not.toContain("\n");
  expect((JSON.parse(line) as { msg: string }).msg).toContain(keeps);
});
