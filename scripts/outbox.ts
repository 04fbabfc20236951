import { parseArgs } from "node:util";

import { env } from "@/lib/platform/env";
import { isOutboxOn, outboxMails, OUTBOX_PAGE, type LocalMail } from "@/lib/platform/mail/outbox";
import { endPools } from "@/lib/platform/database/pool";

const USAGE = `npm run outbox [-- --mails 1 … ${OUTBOX_PAGE}]`;
const MAILS = 5;

/** What people typed stands in mails: nothing of it may steer the terminal, or turn its line around. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === "\n" ? character : ""));
}

function inOneLine(text: string): string {
  return printable(text).replaceAll("\n", " ");
}

function printed({ to, subject, text, createdAt }: LocalMail): string {
  const head = [`To: ${inOneLine(to)}`, `Subject: ${inOneLine(subject)}`, `Date: ${createdAt.toISOString()}`];
  return [...head, "", printable(text).trim(), ""].join("\n");
}

/** How many mails are wanted; null where nobody can tell. */
function wantedMails(args: string[]): number | null {
  try {
    const { values } = parseArgs({ args, options: { mails: { type: "string", default: String(MAILS) } } });
    const count = Number(values.mails);
    return Number.isInteger(count) && count >= 1 && count <= OUTBOX_PAGE ? count : null;
  } catch {
    return null;
  }
}

/** The newest last: it stands where the eye is when a command has ended. */
async function main(args: string[]): Promise<void> {
  const count = wantedMails(args);
  if (count === null) {
    console.error(`Say: ${USAGE}`);
    process.exitCode = 1;
    return;
  }
  try {
    if (!isOutboxOn()) return console.log("Mails are sent by Resend here (RESEND_API_KEY): there is no local outbox.");
    const mails = (await outboxMails()).slice(0, count).reverse();
    const rule = `${"-".repeat(72)}\n`;
    console.log(
      mails.length === 0
        ? `No mail yet. Ask for a sign-in link at ${env().APP_URL}/sign-in.`
        : mails.map(printed).join(rule),
    );
  } finally {
    await endPools();
  }
}

await main(process.argv.slice(2));
