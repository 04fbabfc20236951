import { CsvError, parse } from "csv-parse/sync";

import { wrongFields } from "@/lib/platform/errors";
import { secretComplaint, findSecret } from "@/lib/platform/secret-patterns";
import { MAX_COLUMNS, MAX_ROWS } from "./policy";

export interface SheetRow {
  /** As a spreadsheet counts: the header is row 1. */
  readonly number: number;
  /** As many as there are headers. */
  readonly cells: readonly string[];
}

export interface Sheet {
  readonly headers: readonly string[];
  readonly rows: readonly SheetRow[];
}

function refused(sentence: string) {
  return wrongFields({ file: [sentence] });
}

/** UTF-8, with or without a byte order mark; what comes from elsewhere would be garbled without a word. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused("The file is not UTF-8. In the spreadsheet, save it as “CSV UTF-8” and choose it again.");
  }
}

/** The one that stands oftener in the first line, outside of quotes. */
function delimiterOf(text: string): "," | ";" | "\t" {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (character: string) => line.split(character).length;
  const [best = ","] = ([",", ";", "\t"] as const).toSorted((left, right) => count(right) - count(left));
  return best;
}

function parseRecords(text: string): string[][] {
  try {
    return parse(text, { delimiter: delimiterOf(text), relax_column_count: true, relax_quotes: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const where = typeof error.lines === "number" ? ` near line ${error.lines}` : "";
    throw refused(`The file cannot be read as CSV${where}: a quotation mark is opened and not closed.`);
  }
}

/** A spreadsheet's export puts an apostrophe before what it would run as a formula. */
function withoutDefusal(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** Rows are kept as they came, until each is worked: what may be kept nowhere is not taken at all. */
function refuseSecrets({ headers, rows }: Sheet): void {
  for (const { number, cells } of [{ number: 1, cells: headers }, ...rows])
    for (const [column, cell] of cells.entries()) {
      const secret = findSecret(cell);
      if (secret !== null) throw refused(`Row ${number}, column ${column + 1} ${secretComplaint(secret)}.`);
    }
}

/** Headers and rows of a CSV file (comma, semicolon or tab); empty rows are left out. @throws DomainError invalid_input */
export function readSheet(bytes: Uint8Array): Sheet {
  const text = decode(bytes);
  if (text.includes("\0")) throw refused("The file holds characters that are no text. Choose a CSV file.");
  const [first = [], ...rest] = parseRecords(text);
  const headers = first.map((header) => header.trim());
  if (headers.every((header) => header === "")) throw refused("The file is empty. Its first row names the columns.");
  if (headers.length > MAX_COLUMNS)
    throw refused(`The file has ${headers.length} columns; at most ${MAX_COLUMNS} can be read.`);
  const rows = rest
    .map((cells, index) => ({
      number: index + 2,
      cells: headers.map((_, column) => withoutDefusal((cells[column] ?? "").trim())),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  if (rows.length === 0) throw refused("The file has no rows below the names of its columns.");
  if (rows.length > MAX_ROWS)
    throw refused(
      `The file has ${rows.length.toLocaleString("en-US")} rows; at most ${MAX_ROWS.toLocaleString("en-US")} can be imported at once. Split it.`,
    );
  refuseSecrets({ headers, rows });
  return { headers, rows };
}
