import { format, stripVTControlCharacters } from "node:util";

import { saysOutage } from "@/lib/platform/database/state";
import { log } from "@/lib/platform/log";
import { withoutQuotations } from "@/lib/platform/logged-error";
import { currentRequestProgress } from "@/lib/platform/request-progress";

const LEVELS = { error: "error", warn: "warn", log: "info", info: "info", debug: "debug", trace: "debug" } as const;
const MAX_LENGTH = 2000;

/** The framework and other packages speak by the console, and Node of them: each of it becomes a line of the log. */
export function captureConsole(): void {
  for (const [method, level] of Object.entries(LEVELS))
    Object.assign(console, { [method]: (...said: unknown[]) => note(level, said) });
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log().warn({ err: warning }, "Node warns"));
}

/**
 * What is said beside an error, without what was sent: the framework quotes headers and paths in all quotation marks
 * there are, and writes out addresses with what stands behind their question mark.
 */
function wordsOf(said: readonly unknown[]): string {
  return withoutQuotations(stripVTControlCharacters(format(...said)))
    .replace(/`.*`/s, "`[left out]`")
    .replaceAll(/\?\S+/g, "?[left out]")
    .trim()
    .slice(0, MAX_LENGTH);
}

function note(level: "error" | "warn" | "info" | "debug", said: readonly unknown[]): void {
  const err = said.find((part) => part instanceof Error);
  const progress = currentRequestProgress();
  // The error of a body that our code has not read: whoever answers the request logs it once, without quoting it.
  if (progress?.reached === false) {
    if (err) progress.complaint ??= err;
    return;
  }
  if (progress && err && saysOutage(err)) progress.metOutage = true;
  log()[level](err ? { err } : {}, wordsOf(said.filter((part) => part !== err)) || "console");
}
