import type { DescribedColumn } from "./describe";
import type { Door } from "./record";
import { isJsonKinds, type ColumnShape, type Kind, type RowShape } from "./row-shapes";

const BOTH: Readonly<Record<string, Kind>> = {
  bool: "boolean",
  int2: "number",
  int4: "number",
  float4: "number",
  float8: "number",
  text: "string",
  varchar: "string",
  bpchar: "string",
  name: "string",
  uuid: "string",
  inet: "string",
  cidr: "string",
  date: "Date",
  timestamp: "Date",
  timestamptz: "Date",
  bytea: "bytes",
  json: "json",
  jsonb: "json",
};

/** What each way's parsers make of a type of PostgreSQL; a test asks both for a value of each. */
export const PARSED: Readonly<Record<Door, Readonly<Record<string, Kind>>>> = {
  prisma: { ...BOTH, int8: "bigint", oid: "bigint", numeric: "Decimal" },
  driver: { ...BOTH, int8: "string", oid: "number", numeric: "string", xid: "string" },
};

/** Lists that are not simply lists of those. */
export const PARSED_LISTS: Readonly<Record<Door, Readonly<Record<string, Kind | null>>>> = {
  // The driver knows no lists of these two, and hands over the text as it came.
  driver: { name: "string", xid: "string", numeric: "number[]" },
  prisma: { name: null },
};

/** What a column is in JavaScript; null where nobody said it yet. */
export function kindOf(door: Door, { type, element, labels }: DescribedColumn): Kind | null {
  const of = (name: string): Kind | null => (Object.hasOwn(PARSED[door], name) ? (PARSED[door][name] ?? null) : null);
  if (element === null) return labels ? "string" : of(type);
  // Of an enum of ours neither knows that it is a list: it stays the text that came.
  if (labels) return "string";
  if (Object.hasOwn(PARSED_LISTS[door], element)) return PARSED_LISTS[door][element] ?? null;
  const one = of(element);
  return one === null ? null : `${one}[]`;
}

function fits(kind: Kind, shape: ColumnShape): boolean {
  if (shape.kinds.includes("unknown")) return true;
  if (kind === "json") return isJsonKinds(shape.kinds) && !shape.kinds.includes("any");
  if (kind === "json[]") return shape.kinds.every((said) => said.endsWith("[]") && isJsonKinds([said]));
  return shape.kinds.includes(kind) || (kind.endsWith("[]") && shape.kinds.includes("unknown[]"));
}

function columnComplaint(door: Door, column: DescribedColumn, shape: ColumnShape, wasNull: boolean): string | null {
  const kind = kindOf(door, column);
  const named = `column "${column.name}"`;
  if (kind === null)
    return `${named} is ${column.type}, of which testing/statements/compare.ts does not say what it becomes`;
  if (shape.kinds.includes("any"))
    return `${named}: nothing is known of its type; follow its import in testing/statements/sites.ts`;
  if (!fits(kind, shape)) return `${named} is ${column.type}, read as ${kind}, and the row type says ${shape.says}`;
  if (wasNull && !shape.isNullable) return `${named} was NULL in a test, and the row type says ${shape.says}`;
  return null;
}

/** What a statement gives against what the row type of its call promises: a sentence for each column that differs. */
export function compareRow(
  door: Door,
  described: readonly DescribedColumn[],
  nulls: ReadonlySet<string>,
  shape: RowShape,
): string[] {
  const complaints: string[] = [];
  const names = described.map(({ name }) => name);
  for (const [index, column] of described.entries()) {
    if (!shape.isTuple && names.indexOf(column.name) !== index) complaints.push(`column "${column.name}" comes twice`);
    const key = shape.isTuple ? String(index) : column.name;
    const said = shape.columns.get(key) ?? shape.others;
    const complaint = said
      ? columnComplaint(door, column, said, nulls.has(key))
      : `column "${column.name}" (${column.type}) is given, and the row type lacks it`;
    if (complaint) complaints.push(complaint);
  }
  for (const [name, { isOptional, says }] of shape.columns) {
    const isGiven = shape.isTuple ? Number(name) < described.length : names.includes(name);
    if (!isGiven && !isOptional) complaints.push(`the row type promises "${name}" (${says}), and no column gives it`);
  }
  return complaints;
}
