import { pino, type DestinationStream, type Logger } from "pino";

import { env } from "./env";
import { LogOutput } from "./log-output";
import { loggedError } from "./logged-error";
import { measure } from "./measurements";
import { singleton } from "./singleton";
import { redactSecrets } from "./secret-patterns";

/** The process's structured log: one JSON object a line on standard output. Never give it a token, a header or a body. */
export function log(): Logger {
  return singleton("log", () =>
    newLog(new LogOutput(standardOutput(), () => measure({ kind: "logLineDropped" })), env().LOG_LEVEL),
  );
}

/** The same for whatever takes lines. */
export function newLog(output: DestinationStream, level: string): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["token", "*.token", "authorization", "*.authorization", "cookie", "*.cookie", "headers"],
        censor: "[left out]",
      },
      serializers: { err: loggedError },
      // Whatever was given to it, be it within an error's own words.
      hooks: { streamWrite: (line) => redactSecrets(line) },
    },
    output,
  );
}

/** Asked of its stream: that is when Node makes a pipe one that says that it is full, and holds nobody up. */
function standardOutput(): number {
  return (process.stdout as { fd?: number }).fd ?? 1;
}
