import ts from "typescript";

/** What a column is in JavaScript; with `[]` behind it a list of such. */
export type Kind = string;

/** What a row type says of one column. */
export interface ColumnShape {
  readonly kinds: readonly Kind[];
  readonly isNullable: boolean;
  /** The type may be without it. */
  readonly isOptional: boolean;
  /** As the type is written. */
  readonly says: string;
}

/** A row type: columns by name, or, for rows that come as lists, by their places. */
export interface RowShape {
  readonly columns: ReadonlyMap<string, ColumnShape>;
  /** Of every other column; null where there is none. */
  readonly others: ColumnShape | null;
  readonly isTuple: boolean;
  /** One alternative holds the row that a caller hands over, and another is NULL in its place. */
  readonly mayBeMissing: boolean;
}

const NAMED: Readonly<Record<string, Kind>> = {
  Date: "Date",
  Decimal: "Decimal",
  Uint8Array: "bytes",
  Buffer: "bytes",
};

/** How deep a JSON value's type is looked into for what JSON does not know. */
const DEPTH = 4;

function kindsOf(checker: ts.TypeChecker, type: ts.Type, depth = DEPTH): Kind[] {
  if (type.isUnion()) return [...new Set(type.types.flatMap((part) => kindsOf(checker, part, depth)))];
  if (type.flags & ts.TypeFlags.Any) return ["any"];
  if (type.flags & ts.TypeFlags.Unknown) return ["unknown"];
  if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) return [];
  if (type.flags & ts.TypeFlags.StringLike) return ["string"];
  if (type.flags & ts.TypeFlags.NumberLike) return ["number"];
  if (type.flags & ts.TypeFlags.BooleanLike) return ["boolean"];
  if (type.flags & ts.TypeFlags.BigIntLike) return ["bigint"];
  const named = NAMED[type.getSymbol()?.name ?? ""];
  if (named) return [named];
  if (checker.isArrayLikeType(type)) {
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    const kinds = element && depth > 0 ? kindsOf(checker, element, depth - 1) : ["unknown"];
    return (kinds.length === 0 ? ["unknown"] : kinds).map((kind) => `${kind}[]`);
  }
  // A branded text is a text.
  if (type.isIntersection()) {
    const plain = type.types.flatMap((part) => kindsOf(checker, part, depth)).filter((kind) => kind !== "object");
    if (plain.length > 0) return plain;
  }
  return [isJson(checker, type, depth) ? "object" : "object that JSON cannot hold"];
}

/** Whether all that an object's type promises survives in JSON, where no instant, bigint or list of bytes does. */
function isJson(checker: ts.TypeChecker, type: ts.Type, depth: number): boolean {
  if (depth === 0) return true;
  const parts = checker.getPropertiesOfType(type).map((property) => checker.getTypeOfSymbol(property));
  return parts.every((part) => isJsonKinds(kindsOf(checker, part, depth - 1)));
}

const NOT_JSON = /^(Date|Decimal|bytes|bigint|object that)/;

/** Whether a value of such kinds can come out of JSON. */
export function isJsonKinds(kinds: readonly Kind[]): boolean {
  return !kinds.some((kind) => NOT_JSON.test(kind));
}

function columnShape(checker: ts.TypeChecker, type: ts.Type, isOptional: boolean): ColumnShape {
  const kinds = kindsOf(checker, type);
  const parts = type.isUnion() ? type.types : [type];
  const isNullable =
    parts.some(({ flags }) => flags & ts.TypeFlags.Null) || kinds.some((kind) => kind === "unknown" || kind === "any");
  return {
    kinds,
    isNullable,
    isOptional,
    says: checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation),
  };
}

function tupleShape(checker: ts.TypeChecker, tuples: readonly ts.Type[]): RowShape {
  const columns = new Map<string, ColumnShape>();
  for (const tuple of tuples)
    for (const [index, type] of checker.getTypeArguments(tuple as ts.TypeReference).entries()) {
      const [known, other] = [columns.get(String(index)), columnShape(checker, type, false)];
      columns.set(String(index), known ? eitherShape(known, other) : other);
    }
  return { columns, others: null, isTuple: true, mayBeMissing: false };
}

function eitherShape(one: ColumnShape, other: ColumnShape): ColumnShape {
  return {
    kinds: [...new Set([...one.kinds, ...other.kinds])],
    isNullable: one.isNullable || other.isNullable,
    isOptional: one.isOptional || other.isOptional,
    says: one.says === other.says ? one.says : `${one.says} | ${other.says}`,
  };
}

/** What a row type promises. Of a type parameter only what it is bound to. */
export function rowShape(checker: ts.TypeChecker, row: ts.Type): RowShape {
  const parts = row.isUnion() ? row.types : [row];
  if (parts.every((part) => checker.isTupleType(part))) return tupleShape(checker, parts);
  const whole = parts.find((part) => holdsParameter(part)) ?? row;
  const mayBeMissing = whole !== row;
  const columns = checker.getPropertiesOfType(whole).map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const shape = columnShape(checker, checker.getTypeOfSymbol(property), isOptional);
    return [property.name, { ...shape, isNullable: shape.isNullable || mayBeMissing }] as const;
  });
  const others = checker.getIndexTypeOfType(row, ts.IndexKind.String);
  return {
    columns: new Map(columns),
    others: others ? columnShape(checker, others, true) : null,
    isTuple: false,
    mayBeMissing,
  };
}

function holdsParameter(type: ts.Type): boolean {
  const parts = type.isIntersection() ? type.types : [type];
  return parts.some(({ flags }) => flags & ts.TypeFlags.TypeParameter);
}

/** A generic function's own columns, and beside them those of the row type that its caller hands over. */
export function joinShapes(own: RowShape, handed: RowShape): RowShape {
  const columns = [...handed.columns].map(
    ([name, column]) => [name, own.mayBeMissing ? { ...column, isNullable: true } : column] as const,
  );
  return {
    ...own,
    columns: new Map([...own.columns, ...columns]),
    others: handed.others ?? own.others,
  };
}
