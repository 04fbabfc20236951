import { format, stripVTControlCharacters } from "node:util";

import { saysOutage } from "@/lib/platform/database/state";
import { log } from "@/lib/platform/log";
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

function note(level: "error" | "warn" | "info" | "debug", said: readonly unknown[]): void {
  const err = said.find((part) => part instanceof Error);
  const progress = currentRequestProgress();
  // The error of a body that our code has not read: whoever answers the request logs it once, without quoting it.
  if (progress?.reached === false) {
    if (err) progress.complaint ??= err;
    return;
  }
  if (progress && err && saysOutage(err)) progress.metOutage = true;
  const text = stripVTControlCharacters(format(...said.filter((part) => part !== err))).trim();
  log()[level](err ? { err } : {}, text.slice(0, MAX_LENGTH) || "console");
}
