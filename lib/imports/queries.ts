import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { databaseNow, db } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { ImportField } from "./import-fields";
import { fieldsOf, requireWriter } from "./require-writer";
import { importStatus, type ImportStatus } from "./policy";
import type { ImportedRecord } from "@/lib/resources";
import type { ImportPageQuery } from "./schema";

type Importer = Permit<"imports.manage">;

const REPORT_PAGE = 50;
const SAMPLES = 3;
const LATEST = 10;

export interface ImportSummary {
  readonly id: number;
  readonly record: ImportedRecord;
  readonly fileName: string;
  readonly status: ImportStatus;
  readonly rowCount: number;
  readonly addedCount: number;
  readonly refusedCount: number;
  readonly stoppedBecause: string | null;
  /** Who uploaded or started it. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface ReportRow {
  readonly number: number;
  readonly recordId: number | null;
  readonly refusal: string | null;
  /** The row's first cells, to know it again. */
  readonly says: string;
}

export interface ImportPage extends ImportSummary {
  readonly headers: readonly string[];
  readonly columns: readonly (string | null)[];
  /** The cells of the first rows, for choosing columns. */
  readonly samples: readonly (readonly string[])[];
  /** What a column may fill; none once it was started. */
  readonly fields: readonly ImportField[];
  readonly rows: readonly ReportRow[];
  /** The row after which the next page begins; null where there is none. */
  readonly next: number | null;
  readonly now: string;
}

const SUMMARY = {
  id: true,
  record: true,
  fileName: true,
  rowCount: true,
  addedCount: true,
  refusedCount: true,
  stoppedBecause: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
  user: { select: { name: true } },
} as const;

type Found = Omit<ImportSummary, "status" | "by" | "at"> & {
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly user: { readonly name: string };
};

function summaryOf(found: Found): ImportSummary {
  const { id, record, fileName, rowCount, addedCount, refusedCount, stoppedBecause, user } = found;
  const at = (found.startedAt ?? found.createdAt).toISOString();
  const facts = { id, record, fileName, rowCount, addedCount, refusedCount, stoppedBecause };
  return { ...facts, status: importStatus(found), by: user.name, at };
}

/** The latest imports of one kind of record; also whether this person may import such records at all. @throws DomainError forbidden, not_found */
export async function latestImports(
  permit: Importer,
  { record }: { readonly record: ImportedRecord },
): Promise<{ fields: readonly ImportField[]; latest: readonly ImportSummary[]; now: string }> {
  const writer = requireWriter(permit, record);
  const [fields, found, now] = await Promise.all([
    fieldsOf(writer, record),
    db().import.findMany({
      where: { accountId: permit.account.id, record, startedAt: { not: null } },
      orderBy: { id: "desc" },
      take: LATEST,
      select: SUMMARY,
    }),
    databaseNow(),
  ]);
  return { fields, latest: found.map(summaryOf), now: now.toISOString() };
}

/** An import and a page of its report. @throws DomainError not_found */
export async function findImport(
  permit: Importer,
  { id }: { readonly id: number },
  { rows: which, after }: ImportPageQuery,
): Promise<ImportPage> {
  const accountId = permit.account.id;
  const found = await db().import.findUnique({
    where: { accountId_id: { accountId, id } },
    select: { ...SUMMARY, headers: true, columns: true },
  });
  if (found === null) throw noSuchRecord();
  const writer = requireWriter(permit, found.record);
  const isStarted = found.startedAt !== null;
  const worked = { refused: { refusal: { not: null } }, added: { recordId: { not: null } } };
  const [fields, rows, now] = await Promise.all([
    isStarted ? [] : fieldsOf(writer, found.record),
    db().importRow.findMany({
      where: { accountId, importId: id, number: { gt: after }, ...(which && worked[which]) },
      orderBy: { number: "asc" },
      take: isStarted ? REPORT_PAGE + 1 : SAMPLES,
      select: { number: true, recordId: true, refusal: true, cells: true },
    }),
    databaseNow(),
  ]);
  const page = isStarted ? rows.slice(0, REPORT_PAGE) : [];
  return {
    ...summaryOf(found),
    headers: found.headers,
    columns: found.columns as (string | null)[],
    samples: isStarted ? [] : rows.map(({ cells }) => cells),
    fields,
    rows: page.map(({ cells, ...row }) => ({ ...row, says: cells.filter(Boolean).slice(0, 3).join(" · ") })),
    next: rows.length > page.length ? (page.at(-1)?.number ?? null) : null,
    now: now.toISOString(),
  };
}

export interface ReportedRow {
  readonly number: number;
  readonly recordId: number | null;
  readonly refusal: string | null;
  readonly cells: readonly string[];
}

/** The rows after one, for a file. */
export function reportBatch(
  permit: Importer,
  { id, after, size }: { readonly id: number; readonly after: number; readonly size: number },
): Promise<ReportedRow[]> {
  return db().importRow.findMany({
    where: { accountId: permit.account.id, importId: id, number: { gt: after } },
    orderBy: { number: "asc" },
    take: size,
    select: { number: true, recordId: true, refusal: true, cells: true },
  });
}
