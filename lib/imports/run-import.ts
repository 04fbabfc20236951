import "server-only";

import { mutateTogether, type Tx } from "@/lib/audit-log/mutate";
import { absentAuthContext } from "@/lib/auth/absent-user";
import { defineJob, type Job } from "@/lib/jobs/define-job";
import { isRefusedValue } from "@/lib/platform/database/errors";
import { db } from "@/lib/platform/database/db";
import { DomainError, isDatabasesFault, wrongFields } from "@/lib/platform/errors";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { ImportWriters, RecordWriter } from "@/lib/public-api/record-writers";
import { fieldsOf } from "./require-writer";
import { ROWS_PER_BATCH } from "./policy";
import { findContactsNamed, findVehiclesNamed, oneMeant } from "./find-named";
import { namesAnother } from "./import-fields";
import { readRow, sayRefusal, type RowContent } from "./row-reading";
import type { ImportedRecord } from "@/lib/resources";
import { runImportPayload } from "./schema";

/** How much one transaction does. */
interface BatchSize {
  readonly rowsAtOnce: number;
  /** Those that are written by the same statements. */
  readonly rowsTogether: number;
  /** What a batch locks others wait for: on a slow machine it ends with fewer rows. */
  readonly mostMs: number;
}

const BATCH_SIZE: BatchSize = { rowsAtOnce: ROWS_PER_BATCH, rowsTogether: 25, mostMs: 1000 };

/** An import that was started and is not through. */
interface Running {
  readonly id: number;
  readonly accountId: number;
  readonly record: ImportedRecord;
}

interface Outcome {
  readonly number: number;
  readonly recordId: number | null;
  readonly refusal: string | null;
}

/** The job that works through started imports, one batch each time. */
export function defineRunImport(writers: ImportWriters, size = BATCH_SIZE): Job {
  return defineJob({
    name: "imports.run",
    permission: "imports.run",
    payload: runImportPayload,
    run: (_permit, { id }) => runBatch(writers, id, size),
  });
}

async function runBatch(writers: ImportWriters, id: number, size: BatchSize): Promise<void> {
  const found = await db().import.findUnique({
    where: { id },
    select: {
      accountId: true,
      userId: true,
      record: true,
      startedAt: true,
      finishedAt: true,
      startedFrom: true,
      requestId: true,
    },
  });
  if (found?.startedAt == null || found.finishedAt !== null) return;
  const { accountId, userId, record, startedFrom: ip, requestId } = found;
  try {
    const writer = writers[record](await absentAuthContext({ userId, accountId, origin: { ip, requestId } }));
    await mutateTogether(writer.permit, (tx) => workBatch(tx, writer, { id, accountId, record }, size));
  } catch (error) {
    // What he may do changed as the batch began: the queue asks anew, and by then it is known what he may.
    if (!(error instanceof DomainError) || error.code === "conflict" || isDatabasesFault(error)) throw error;
    await stop({ id, accountId, record });
  }
}

/** Who began it has left or may not write such records any more. */
async function stop({ id, accountId }: Running): Promise<void> {
  const because =
    "The person who started this import may not add such records any more. Rows after the last one worked were not added.";
  await bookkeepingDb().$executeRaw`
    UPDATE imports SET finished_at = clock_timestamp(), stopped_because = ${because}
    WHERE id = ${id} AND account_id = ${accountId} AND finished_at IS NULL`;
}

/** The next rows become records; that they did, and the job for the rows after them, is of the same transaction. */
async function workBatch(tx: Tx, writer: RecordWriter, running: Running, size: BatchSize): Promise<void> {
  const { id, accountId, record } = running;
  const [held] = await tx.$queryRaw<{ lastRow: number; columns: (string | null)[] }[]>`
    SELECT last_row AS "lastRow", columns FROM imports
    WHERE id = ${id} AND account_id = ${accountId} AND finished_at IS NULL FOR UPDATE`;
  if (held === undefined) return;
  const rows = await tx.importRow.findMany({
    where: { accountId, importId: id, number: { gt: held.lastRow } },
    orderBy: { number: "asc" },
    take: size.rowsAtOnce,
    select: { number: true, cells: true },
  });
  const known = new Map((await fieldsOf(writer.permit, record)).map((field) => [field.name, field]));
  const contents = rows.map(({ number, cells }) => ({ number, ...readRow(cells, held.columns, known) }));
  const outcomes = await addRows(writer, contents, {
    ...size,
    record,
    say: (error) => sayRefusal(error.fields, error.reason, known),
  });
  await noteOutcomes(tx, running, outcomes, outcomes.length === rows.length && rows.length < size.rowsAtOnce);
}

type NumberedRow = RowContent & { readonly number: number };

interface RowsFacts {
  readonly record: ImportedRecord;
  readonly say: (error: DomainError) => string;
}

async function addRows(
  writer: RecordWriter,
  rows: readonly NumberedRow[],
  { record, say, rowsTogether, mostMs }: BatchSize & RowsFacts,
): Promise<Outcome[]> {
  const read = await readReferences(writer, record, rows);
  const began = performance.now();
  const outcomes: Outcome[] = [];
  while (outcomes.length < rows.length && (outcomes.length === 0 || performance.now() - began <= mostMs)) {
    const some = read.slice(outcomes.length, outcomes.length + rowsTogether);
    const written = (await writer.write(some.flatMap(({ given }) => (given === null ? [] : [given])))).values();
    for (const { number, given, refusal } of some) {
      const outcome = given === null ? { refusal } : (written.next().value ?? { refusal });
      if ("id" in outcome) outcomes.push({ number, recordId: outcome.id, refusal: null });
      else outcomes.push({ number, recordId: null, refusal: refusalOf(outcome.refusal, say) });
    }
  }
  return outcomes;
}

/** What is to be written of each row; whom it names in words is looked for at once for all. */
async function readReferences(writer: RecordWriter, record: ImportedRecord, rows: readonly NumberedRow[]) {
  const textsOf = (noun: "vehicle" | "contact") => rows.map((row) => row[noun]).filter((text) => text !== null);
  const vehicles = namesAnother(record, "vehicle") ? await findVehiclesNamed(writer.permit, textsOf("vehicle")) : null;
  const contacts = namesAnother(record, "contact") ? await findContactsNamed(writer.permit, textsOf("contact")) : null;
  return rows.map(({ number, given, vehicle, contact }) => {
    const meant = {
      ...(vehicles && { vehicle_id: oneMeant(vehicles, vehicle, "vehicle") }),
      ...(contacts && { contact_id: oneMeant(contacts, contact, "contact") }),
    };
    const entries = Object.entries(meant);
    const wrong = entries.flatMap(([name, one]) => ("complaint" in one ? [[name, [one.complaint]] as const] : []));
    if (wrong.length > 0) return { number, given: null, refusal: wrongFields(Object.fromEntries(wrong)) };
    const ids = Object.fromEntries(entries.map(([name, one]) => [name, "id" in one ? one.id : 0]));
    return { number, given: { ...given, ...ids }, refusal: null };
  });
}

function refusalOf(error: unknown, say: (error: DomainError) => string): string {
  if (error instanceof DomainError) return say(error);
  if (isRefusedValue(error)) return "A value of this row cannot be stored. Look at its numbers and dates.";
  throw error;
}

async function noteOutcomes(
  tx: Tx,
  { id, accountId }: Running,
  outcomes: readonly Outcome[],
  isLast: boolean,
): Promise<void> {
  const added = outcomes.filter(({ recordId }) => recordId !== null).length;
  await tx.$executeRaw`
    UPDATE import_rows r SET record_id = o."recordId", refusal = o.refusal
    FROM json_to_recordset(${JSON.stringify(outcomes)}::json) AS o(number int, "recordId" int, refusal text)
    WHERE r.account_id = ${accountId} AND r.import_id = ${id} AND r.number = o.number`;
  await tx.$executeRaw`
    UPDATE imports SET added_count = added_count + ${added}, refused_count = refused_count + ${outcomes.length - added},
      last_row = GREATEST(last_row, ${outcomes.at(-1)?.number ?? 0}),
      finished_at = CASE WHEN ${isLast} THEN clock_timestamp() END
    WHERE account_id = ${accountId} AND id = ${id}`;
  if (!isLast)
    await tx.$executeRaw`
      SELECT graphile_worker.add_job('imports.run', ${JSON.stringify({ id })}::json, job_key => ${`imports.run/${id}`}, priority => 10)`;
}
