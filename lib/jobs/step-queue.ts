import "server-only";

import { writePool } from "@/lib/platform/database/pool";
import type { Slots } from "./slots";

/** What a run is about: a record of an account. */
export interface StepSubject {
  readonly accountId: number;
  readonly subjectId: number;
}

/** A step that is ours to do until its lease ends. */
export interface ClaimedStep extends StepSubject {
  readonly id: number;
  readonly name: string;
  readonly dueAt: Date;
  /** How often in a row it has ended in an error. */
  readonly failures: number;
  /** Tells this claim from every other one. */
  readonly leasedUntil: Date;
}

/** Longer than a step and its record may take, and short enough that another worker takes over within a minute. */
export const STEP_LEASE_SECONDS = 40;

/**
 * A run has one next step, so that what is due is no more than there are runs. Who holds least comes first, and an
 * account holds at most as many slots as are free after that. What only another release knows is left to it.
 */
const CLAIM = `
  WITH holder AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::json) AS h(id int, count int)
  ), due AS (
    SELECT s.id, s.due_at, COALESCE(holder.count, 0)
      + row_number() OVER (PARTITION BY s.account_id ORDER BY s.due_at, s.id) AS holds
    FROM run_steps s LEFT JOIN holder ON holder.id = s.account_id
    WHERE s.due_at <= $1::timestamptz AND (s.leased_until IS NULL OR s.leased_until <= $1::timestamptz)
      AND s.name = ANY($4::text[])
  ), placed AS (
    SELECT *, $3::int - row_number() OVER (ORDER BY holds, due_at, id) AS free FROM due
  ), picked AS (
    SELECT s.id FROM run_steps s JOIN placed USING (id)
    WHERE free >= 0 AND (holds = 1 OR holds <= free)
      AND s.due_at <= $1::timestamptz AND (s.leased_until IS NULL OR s.leased_until <= $1::timestamptz)
    ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
  )
  UPDATE run_steps s SET leased_until = $1::timestamptz + make_interval(secs => ${STEP_LEASE_SECONDS})
  FROM picked WHERE s.id = picked.id
  RETURNING s.id, s.account_id AS "accountId", s.subject_id AS "subjectId", s.name, s.due_at AS "dueAt", s.failures,
    s.leased_until AS "leasedUntil"`;

/** Takes what is due of these names; nobody else does it meanwhile. */
export async function claimSteps(
  now: Date,
  slots: Pick<Slots<unknown>, "free" | "byAccount">,
  names: readonly string[],
): Promise<ClaimedStep[]> {
  const values = [now, JSON.stringify(slots.byAccount()), slots.free, names];
  const { rows } = await writePool().query<ClaimedStep>({ name: "claim-steps", text: CLAIM, values });
  return rows;
}

/** What was asked for while it was under way stays due. */
const CONTINUE = `
  UPDATE run_steps SET leased_until = NULL, failures = $3::int,
    due_at = CASE WHEN due_at = $4::timestamptz THEN clock_timestamp() + make_interval(secs => $5::float8) ELSE due_at END
  WHERE id = $1::int AND leased_until = $2::timestamptz`;

/** Says when its next step is due. A claim that has passed to somebody else says nothing: what he says is what counts. */
export async function continueRun(
  { id, leasedUntil, dueAt }: ClaimedStep,
  { inMs, failures }: { readonly inMs: number; readonly failures: number },
): Promise<void> {
  await writePool().query(CONTINUE, [id, leasedUntil, failures, dueAt, inMs / 1000]);
}

const END = `DELETE FROM run_steps WHERE id = $1::int AND leased_until = $2::timestamptz AND due_at = $3::timestamptz`;

/** It has no next step, unless one was asked for meanwhile. */
export async function endRun(step: ClaimedStep): Promise<void> {
  const { rowCount } = await writePool().query(END, [step.id, step.leasedUntil, step.dueAt]);
  if (rowCount === 0) await continueRun(step, { inMs: 0, failures: 0 });
}

const HAND_BACK = `
  UPDATE run_steps s SET leased_until = NULL
  FROM json_to_recordset($1::json) AS held(id int, "leasedUntil" timestamptz)
  WHERE s.id = held.id AND s.leased_until = held."leasedUntil"`;

/** For who stops before it was done. */
export async function handBackSteps(steps: readonly ClaimedStep[]): Promise<void> {
  if (steps.length === 0) return;
  const held = steps.map(({ id, leasedUntil }) => ({ id, leasedUntil }));
  await writePool().query(HAND_BACK, [JSON.stringify(held)]);
}

interface Outlook {
  /** How long until the next step is due; null where none is to come. */
  readonly dueInMs: number | null;
  /** Whether one is due or to come, or is under way somewhere. */
  readonly isAnyPending: boolean;
}

const IS_ANY_PENDING = `EXISTS (SELECT FROM run_steps) AS "isAnyPending"`;

export async function readStepOutlook(now: Date): Promise<Outlook> {
  const { rows } = await writePool().query<Outlook>(
    `SELECT (extract(epoch FROM min(due_at) - $1::timestamptz) * 1000)::float8 AS "dueInMs", ${IS_ANY_PENDING}
    FROM run_steps WHERE due_at > $1::timestamptz`,
    [now],
  );
  return rows[0] ?? { dueInMs: null, isAnyPending: true };
}

export async function isAnyStepPending(): Promise<boolean> {
  const { rows } = await writePool().query<{ isAnyPending: boolean }>(`SELECT ${IS_ANY_PENDING}`);
  return rows[0]?.isAnyPending ?? true;
}

/** One that is under way is done once more; one that waits is done now. */
const QUEUE = `
  INSERT INTO run_steps (account_id, name, subject_id, due_at)
  SELECT "accountId", $1, "subjectId", clock_timestamp()
  FROM json_to_recordset($2::json) AS given("accountId" int, "subjectId" int) ORDER BY "subjectId"
  ON CONFLICT (name, subject_id) DO UPDATE SET due_at = CASE WHEN run_steps.leased_until IS NULL
    THEN LEAST(run_steps.due_at, excluded.due_at)
    ELSE GREATEST(run_steps.due_at + interval '1 ms', excluded.due_at) END`;

/** Puts the first step of each in line, due now. */
export async function insertSteps(name: string, subjects: readonly StepSubject[]): Promise<void> {
  if (subjects.length === 0) return;
  await writePool().query(QUEUE, [name, JSON.stringify(subjects)]);
}
