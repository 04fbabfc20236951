import "server-only";

import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { csvLine } from "@/lib/platform/csv";
import { DomainError } from "@/lib/platform/errors";
import { exportBatch, lastSequence, type ExportedEntry } from "./entries";
import { sayEvent } from "./events";
import { sayFault } from "./faults";
import { mutate } from "./mutate";
import type { AuditExportInput, ExportFormat } from "./schema";
import { chainState } from "./verifications";

/** Entries in memory at once, whatever the log's length. */
const BATCH = 500;

const COLUMNS = [
  "entry",
  "occurred_at",
  "actor_kind",
  "actor_id",
  "actor_name",
  "action",
  "what",
  "record_type",
  "record_id",
  "record_name",
  "ip",
  "request_id",
  "before",
  "after",
  "previous_hash",
  "hash",
] as const;

/** An entry's facts in the order of the columns. */
function factsOf(entry: ExportedEntry) {
  return {
    entry: entry.sequence,
    occurred_at: entry.occurredAt.toISOString(),
    actor_kind: entry.actorKind,
    actor_id: entry.actorId,
    actor_name: entry.actorName,
    action: entry.action,
    what: sayEvent(entry.action),
    record_type: entry.recordType,
    record_id: entry.recordId,
    record_name: entry.recordName,
    ip: entry.ip,
    request_id: entry.requestId,
    before: entry.before,
    after: entry.after,
    previous_hash: entry.previousHash,
    hash: entry.hash,
  } satisfies Record<(typeof COLUMNS)[number], unknown>;
}

const inCell = (value: unknown) => (value === null ? null : JSON.stringify(value));

const FORMATS: Readonly<
  Record<ExportFormat, { contentType: string; head: string; line: (entry: ExportedEntry) => string }>
> = {
  csv: {
    contentType: "text/csv; charset=utf-8; header=present",
    head: csvLine(COLUMNS),
    line: (entry) => {
      const facts = factsOf(entry);
      const flat = { ...facts, before: inCell(facts.before), after: inCell(facts.after) };
      return csvLine(COLUMNS.map((column) => flat[column]));
    },
  },
  jsonl: {
    contentType: "application/jsonl; charset=utf-8",
    head: "",
    line: (entry) => `${JSON.stringify(factsOf(entry))}\n`,
  },
};

async function* partsOf(
  permit: Permit<"auditLog.read">,
  { format, ...filter }: AuditExportInput,
  end: number,
): AsyncGenerator<string> {
  const { head, line } = FORMATS[format];
  if (head !== "") yield head;
  for (let upTo = end; ;) {
    const batch = await exportBatch(permit, { filter, upTo, size: BATCH });
    if (batch.length > 0) yield batch.map(line).join("");
    const last = batch.at(-1);
    if (last === undefined || batch.length < BATCH) return;
    upTo = last.sequence - 1;
  }
}

/** The filters that were given, for the record of the export. */
export function givenOf<Value extends string | number>(
  filter: Readonly<Record<string, Value | null>>,
): Record<string, Value> {
  const given = Object.entries(filter).filter((pair): pair is [string, Value] => pair[1] !== null && pair[1] !== "");
  return Object.fromEntries(given);
}

/**
 * A file is read where no warning can be shown beside it: a log with a known fault is not exported.
 * @throws DomainError conflict
 */
async function refuseUnverified(permit: Permit<"auditLog.read">): Promise<void> {
  const { fault } = await chainState(permit);
  if (fault === null) return;
  const found = sayFault(fault);
  throw new DomainError(
    "conflict",
    `Nothing was exported: ${found}, and a file could not say so. The Audit log page shows the log beside a warning; tell whoever runs this hub to run \`npm run audit:verify\`.`,
  );
}

/**
 * The log as a file, newest first. That it was exported, by whom and with which filters, is itself an entry, and in it.
 * @throws DomainError conflict, where something is known to be wrong with the log
 */
export async function exportAuditLog(permit: Permit<"auditLog.read">, input: AuditExportInput): Promise<Download> {
  const { format, ...filter } = input;
  const record = { type: "auditLog", id: null, name: "Audit log" } as const;
  await refuseUnverified(permit);
  const day = await mutate(permit, (_tx, now) =>
    Promise.resolve({
      result: now.toISOString().slice(0, 10),
      events: [{ name: "auditLog.exported" as const, record, after: { format, ...givenOf(filter) } }],
    }),
  );
  return {
    fileName: `audit-log-${permit.account.token}-${day}.${format}`,
    contentType: FORMATS[format].contentType,
    parts: partsOf(permit, input, await lastSequence(permit)),
  };
}
