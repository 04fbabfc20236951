import type { ClientBase, Pool } from "pg";

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

/** The furthest step that this program can live with. */
const LIVES_WITH = CONTRACT_STEPS.length;

/** Migrations have taken away what this program would use. */
export class SchemaContractError extends Error {
  override readonly name = "SchemaContractError";
}

/** Why this program cannot work with the database's tables, in a sentence; null where it can. */
export async function contractComplaint(database: ClientBase | Pool, livesWith = LIVES_WITH): Promise<string | null> {
  const { rows: tables } = await database.query<{ found: boolean }>(
    "SELECT to_regclass('public.schema_contract') IS NOT NULL AS found",
  );
  if (!tables[0]?.found) return null;
  const { rows } = await database.query<{ step: number }>("SELECT step FROM schema_contract");
  const step = rows[0]?.step ?? 0;
  if (step <= livesWith) return null;
  return `This database was changed by a newer release (step ${step} of its contract; this release knows ${livesWith}): run that release or a later one. Nothing of the data is lost.`;
}

/** @throws SchemaContractError where this program cannot work with the database's tables */
export async function refuseUnknownContract(database: ClientBase, livesWith = LIVES_WITH): Promise<void> {
  const complaint = await contractComplaint(database, livesWith);
  if (complaint !== null) throw new SchemaContractError(complaint);
}
