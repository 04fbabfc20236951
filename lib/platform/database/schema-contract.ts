import type { ClientBase, Pool } from "pg";

import { sqlStateOf } from "./errors";

interface ContractStep {
  /** What is taken away. */
  readonly takes: string;
  /** The release that no longer uses it, and so can run beside the one whose migration takes it. */
  readonly announcedIn: string;
}

/**
 * What migrations take away, in order: the first is step 1. A release that has stopped using something announces the
 * step here; the migration that takes it, and raises the number in the database, comes with a later release.
 */
export const CONTRACT_STEPS: readonly ContractStep[] = [];

const NO_SUCH_TABLE = "42P01";

/** The furthest step that this program can live with. */
const LIVES_WITH = CONTRACT_STEPS.length;

/** Migrations have taken away what this program would use. */
export class SchemaContractError extends Error {
  override readonly name = "SchemaContractError";
}

/** Why this program cannot work with the database's tables, in a sentence; null where it can. */
export async function contractComplaint(database: ClientBase | Pool, livesWith = LIVES_WITH): Promise<string | null> {
  const step = await readStep(database);
  if (step <= livesWith) return null;
  return `This database was changed by a newer release (step ${step} of its contract; this release knows ${livesWith}): run that release or a later one. Nothing of the data is lost.`;
}

/** A database from before there was a contract has none of its steps behind it. */
async function readStep(database: ClientBase | Pool): Promise<number> {
  try {
    const { rows } = await database.query<{ step: number }>("SELECT step FROM schema_contract");
    return rows[0]?.step ?? 0;
  } catch (error) {
    if (sqlStateOf(error) === NO_SUCH_TABLE) return 0;
    throw error;
  }
}

/** @throws SchemaContractError where this program cannot work with the database's tables */
export async function refuseUnknownContract(database: ClientBase, livesWith = LIVES_WITH): Promise<void> {
  const complaint = await contractComplaint(database, livesWith);
  if (complaint !== null) throw new SchemaContractError(complaint);
}
