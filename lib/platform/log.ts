import { pino, type Logger } from "pino";

import { env } from "./env";
import { LogOutput } from "./log-output";
import { measure } from "./measurements";
import { processWide } from "./process-wide";

/** The process's structured log: one JSON object a line on standard output. Never give it a token, a header or a body. */
export function log(): Logger {
  return processWide("log", () =>
    pino(
      {
        level: env().LOG_LEVEL,
        base: { pid: process.pid },
        timestamp: pino.stdTimeFunctions.isoTime,
        redact: {
          paths: ["token", "*.token", "authorization", "*.authorization", "cookie", "*.cookie", "headers"],
          censor: "[left out]",
        },
      },
      new LogOutput(standardOutput(), () => measure({ kind: "logLineDropped" })),
    ),
  );
}

/** Asked of its stream: that is when Node makes a pipe one that says that it is full, and holds nobody up. */
function standardOutput(): number {
  return (process.stdout as { fd?: number }).fd ?? 1;
}
