import "server-only";

import type { Download } from "@/lib/entry/download";
import type { Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { csvLine, type CsvValue } from "@/lib/platform/csv";
import { Prisma } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import { RESOURCES, type ImportedNoun } from "@/lib/resources";
import { givenOf } from "./export";
import { mutate } from "./mutate";

/** Records in memory at once, however many there are. */
const BATCH = 500;

type Value = CsvValue | boolean | readonly string[];

/** A record's cells by their columns, and the values of the account's own fields. */
type Cells = Readonly<Record<string, unknown>> & {
  readonly custom_fields?: Readonly<Record<string, string | boolean | null>>;
};

/** What a file of a kind of record is made of. */
export interface RecordFile<Row extends { readonly id: number }, Columns extends string> {
  readonly noun: ImportedNoun;
  readonly table: Prisma.Sql;
  /** Account, search and filters; of the table alone. */
  readonly conditions: Prisma.Sql;
  /** What the records are read with; `where` shows the account. */
  readonly source: { readonly select: Prisma.Sql; readonly from: Prisma.Sql; readonly where: Prisma.Sql };
  /** Sends what the source is asked with: who chose its columns says what a row is. */
  readonly read: (statement: Prisma.Sql) => Promise<Row[]>;
  /** The id as the source calls it. */
  readonly id: Prisma.Sql;
  /** By the names that an import knows. */
  readonly columns: readonly Columns[];
  readonly customFields: readonly { readonly key: string }[];
  readonly cells: (row: Row) => Cells & Readonly<Record<Columns, Value>>;
}

function inCell(value: Value): CsvValue {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" && value !== null ? value.join("; ") : value;
}

/** The next records by id: an order in which none is left out or comes twice, whatever is changed meanwhile. */
function readBatch<Row extends { readonly id: number }, Columns extends string>(
  { table, conditions, source, id, read }: RecordFile<Row, Columns>,
  after: number,
): Promise<Row[]> {
  return read(Prisma.sql`
    WITH batch AS (SELECT id FROM ${table} WHERE ${conditions} AND id > ${after} ORDER BY id LIMIT ${BATCH})
    SELECT ${source.select} FROM ${source.from} JOIN batch ON batch.id = ${id}
    WHERE ${source.where} ORDER BY batch.id`);
}

async function* partsOf<Row extends { readonly id: number }, Columns extends string>(
  file: RecordFile<Row, Columns>,
): AsyncGenerator<string> {
  const { columns, customFields, cells } = file;
  yield csvLine([...columns, ...customFields.map(({ key }) => `custom_fields.${key}`)]);
  for (let after = 0; ;) {
    const batch = await readBatch(file, after);
    const last = batch.at(-1);
    if (last === undefined) return;
    const lines = batch.map((row) => {
      const known = cells(row);
      const own = customFields.map(({ key }) => known.custom_fields?.[key] ?? null);
      return csvLine([...columns.map((column) => known[column]), ...own].map(inCell));
    });
    yield lines.join("");
    if (batch.length < BATCH) return;
    after = last.id;
  }
}

/**
 * A list of a customer's space as a CSV file that an import reads again, the oldest record first. That it was exported,
 * by whom and with which filters, stands in the audit log before its first line. @throws DomainError not_found
 */
export async function exportRecords<P extends Permission, Row extends { readonly id: number }, Columns extends string>(
  permit: Permit<P>,
  view: Readonly<Record<string, string | number | null>>,
  file: RecordFile<Row, Columns>,
): Promise<Download> {
  const { account } = permit;
  if (account?.kind !== "customer") throw noSuchRecord();
  const many = RESOURCES[file.noun].many;
  const name = many.replace(/^./, (first) => first.toUpperCase());
  const day = await mutate(permit, (_tx, now) =>
    Promise.resolve({
      result: now.toISOString().slice(0, 10),
      events: [
        {
          name: `${file.noun}.exported` as const,
          record: { type: file.noun, id: null, name },
          after: givenOf(view),
        },
      ],
    }),
  );
  return {
    fileName: `${many.replaceAll(" ", "-")}-${account.token}-${day}.csv`,
    contentType: "text/csv; charset=utf-8; header=present",
    parts: partsOf(file),
  };
}
