import { readFileSync } from "node:fs";

import { freePort } from "@/testing/free-port";
import { buildPrograms, startProgram, type Program } from "./processes";

const ENTRY = "bench/serve-api.ts";

export interface ApiProcess extends Program {
  readonly port: number;
  /** The most memory that it ever held; null where the system does not tell. */
  peakMegabytes(): number | null;
}

function peakOf(pid: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

/** The API as `npm start` has it, each in a process of its own, on this process's database. */
export async function startApiProcesses(
  count: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ApiProcess[]> {
  await buildPrograms([ENTRY]);
  const quotas = { RATE_LIMIT_PROFESSIONAL: "100000000", RATE_LIMIT_PREMIUM: "100000000" };
  const processes: ApiProcess[] = [];
  for (let index = 0; index < count; index++) {
    const port = await freePort();
    const program = await startProgram(ENTRY, {
      HUB_ROLES: "api",
      HOST: "127.0.0.1",
      ...quotas,
      ...environment,
      PORT: String(port),
    });
    processes.push({ ...program, port, peakMegabytes: () => peakOf(program.pid) });
  }
  return processes;
}
