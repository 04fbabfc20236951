import "server-only";

import type { z } from "zod";

import { defineDownload, type Download } from "@/lib/entry/download";
import type { AccountlessPermission, Permission } from "@/lib/auth/permissions";
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

interface Source {
  readonly select: Prisma.Sql;
  readonly from: Prisma.Sql;
  readonly where: Prisma.Sql;
}

interface Records {
  readonly table: Prisma.Sql;
  /** Account, search and filters; of the table alone. */
  readonly conditions: Prisma.Sql;
}

/** What a row of a file is made of. */
interface RecordRows<Row extends { readonly id: number }, Columns extends string> {
  /** What the records are read with; `where` shows the account. */
  readonly source: (accountId: number) => Source;
  /** Sends what the source is asked with: who chose its columns says what a row is. */
  readonly read: (statement: Prisma.Sql) => Promise<Row[]>;
  /** The id as the source calls it. */
  readonly id: Prisma.Sql;
  /** By the names that an import knows. */
  readonly columns: readonly Columns[];
  readonly cells: (row: Row) => Cells & Readonly<Record<Columns, Value>>;
}

/** A list of a customer's space as a file: what its screen shows, on all pages. */
export interface RecordFile<
  P extends Permission,
  Schema extends z.ZodType<View>,
  Row extends { readonly id: number },
  Columns extends string,
> extends RecordRows<Row, Columns> {
  readonly noun: ImportedNoun;
  readonly permission: P;
  /** Search and filters of the list, but strict. */
  readonly input: Schema;
  /** Of which table a view shows what: as the list reads it. */
  readonly records: (accountId: number, view: z.output<Schema>) => Records | Promise<Records>;
  /** The account's own fields, where such records take any. */
  readonly customFields?: (permit: Permit<P>) => Promise<readonly CustomField[]>;
}

type View = Readonly<Record<string, string | number | null>>;

interface CustomField {
  readonly key: string;
}

function inCell(value: Value): CsvValue {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" && value !== null ? value.join("; ") : value;
}

/** What is asked of a file in particular. */
interface Asked {
  readonly accountId: number;
  readonly records: Records;
  readonly customFields: readonly CustomField[];
}

/** The next records by id: an order in which none is left out or comes twice, whatever is changed meanwhile. */
function readBatch<Row extends { readonly id: number }, Columns extends string>(
  { source, id, read }: RecordRows<Row, Columns>,
  { accountId, records: { table, conditions } }: Asked,
  after: number,
): Promise<Row[]> {
  const { select, from, where } = source(accountId);
  return read(Prisma.sql`
    WITH batch AS (SELECT id FROM ${table} WHERE ${conditions} AND id > ${after} ORDER BY id LIMIT ${BATCH})
    SELECT ${select} FROM ${from} JOIN batch ON batch.id = ${id}
    WHERE ${where} ORDER BY batch.id`);
}

async function* partsOf<Row extends { readonly id: number }, Columns extends string>(
  rows: RecordRows<Row, Columns>,
  asked: Asked,
): AsyncGenerator<string> {
  const { columns, cells } = rows;
  const { customFields } = asked;
  yield csvLine([...columns, ...customFields.map(({ key }) => `custom_fields.${key}`)]);
  for (let after = 0; ;) {
    const batch = await readBatch(rows, asked, after);
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

/** That a list was exported, by whom and with which filters; the file's name. */
async function noteExport<P extends Permission>(permit: Permit<P>, token: string, noun: ImportedNoun, view: View) {
  const { many } = RESOURCES[noun];
  const name = many.replace(/^./, (first) => first.toUpperCase());
  const day = await mutate(permit, (_tx, now) =>
    Promise.resolve({
      result: now.toISOString().slice(0, 10),
      events: [{ name: `${noun}.exported` as const, record: { type: noun, id: null, name }, after: givenOf(view) }],
    }),
  );
  return `${many.replaceAll(" ", "-")}-${token}-${day}.csv`;
}

/**
 * A list of a customer's space as a CSV file that an import reads again, the oldest record first. That it was exported
 * stands in the audit log before its first line.
 */
export function defineRecordDownload<
  P extends Exclude<Permission, AccountlessPermission>,
  Schema extends z.ZodType<View>,
  Row extends { readonly id: number },
  Columns extends string,
>(file: RecordFile<P, Schema, Row, Columns>) {
  const run = async (permit: Permit<P>, view: z.output<Schema>): Promise<Download> => {
    const { account } = permit;
    if (account.kind !== "customer") throw noSuchRecord();
    const asked = {
      accountId: account.id,
      records: await file.records(account.id, view),
      customFields: (await file.customFields?.(permit)) ?? [],
    };
    return {
      fileName: await noteExport(permit, account.token, file.noun, view),
      contentType: "text/csv; charset=utf-8; header=present",
      parts: partsOf(file, asked),
    };
  };
  return defineDownload({ permission: file.permission, input: file.input, run });
}
