import { log } from "@/lib/platform/log";
import { writePool } from "@/lib/platform/database/pool";
import { contractComplaint } from "@/lib/platform/database/schema-contract";
import { serving } from "@/lib/platform/serving";

/** Tables change at a deployment, and what is taken away was announced a release before. */
const LOOK_EVERY_MS = 10_000;

/** Looks whether a newer release has taken away what this one uses; while it has, this process does not serve. */
export async function checkContract(livesWith?: number): Promise<void> {
  try {
    serving().refuse("schemaContract", await contractComplaint(writePool(), livesWith));
  } catch (error) {
    // What it said before counts: a database that does not answer has not changed its tables.
    log().debug({ err: error }, "the contract of the database's tables could not be read");
  }
}

/** Looks now, and again and again; the returned function ends it. */
export async function watchContract(): Promise<() => void> {
  await checkContract();
  const timer = setInterval(() => void checkContract(), LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
