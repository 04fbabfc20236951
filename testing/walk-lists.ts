import type { Endpoint } from "@/lib/public-api/define-endpoint";
import type { FieldType, ListDefinition, ListField, Sort } from "@/lib/public-api/lists/list-definition";
import type { Json, TestApi } from "@/testing/serve-api";
import type { ApiVersion } from "@/lib/public-api/versions/api-versions";
import { knowsFilterAndSort, listsAsArray } from "@/lib/public-api/versions/step-down";
import type { RandomSource, ModelRow, ModelValue, WalkedFleet, WalkedRecords } from "./list-walk";

/** A list that is walked: an endpoint, and what the model says of its records. */
export interface WalkedList {
  readonly list: ListDefinition;
  readonly path: string;
  readonly records: WalkedRecords | null;
  readonly isVisible: (row: ModelRow, question: Question) => boolean;
}

interface ModelCondition {
  readonly field: string;
  readonly type: FieldType;
  readonly operator: "eq" | "like" | "include" | "lt" | "lte" | "gt" | "gte";
  readonly text: string;
}

interface Question {
  readonly conditions: readonly ModelCondition[];
  readonly sort: Sort;
  readonly includesArchived: boolean;
  /** Written the old way. */
  readonly legacy: boolean;
}

const OPERATORS: Readonly<Record<FieldType, readonly ModelCondition["operator"][]>> = {
  text: ["eq", "like", "include"],
  orderedText: ["eq", "like", "include"],
  fixedText: ["eq", "include"],
  timestamp: ["eq", "lt", "lte", "gt", "gte"],
  integer: ["eq", "include", "lt", "lte", "gt", "gte"],
  boolean: ["eq"],
  textInObject: ["eq", "like", "include"],
  textList: ["eq", "include"],
};
const LEGACY = { eq: "eq", like: "cont", include: "in_s", lt: "lt", lte: "lteq", gt: "gt", gte: "gteq" } as const;
/** Where a value that is not there stands in an order. */
const ABSENT: Readonly<Record<string, ModelValue>> = {
  email: "",
  employee_number: "",
  year: 0,
  started_at: -Infinity,
  ended_at: Infinity,
  last_sent_at: -Infinity,
};

/** Every list of the table of endpoints, as `fleet` has it. */
export function walkedLists(endpoints: readonly Endpoint[], fleet: WalkedFleet): WalkedList[] {
  return endpoints.flatMap(({ path, contract: { list } }) => {
    if (list === null) return [];
    const isArchive = path.endsWith("/archived");
    const isNested = path.includes(":id/");
    const hides = list.flags?.includes("include_archived") ?? false;
    return {
      list,
      path: path.replace(":id", String(fleet.vehicleId)),
      records: fleet.recordsOf(list.resource),
      isVisible: (row, { includesArchived }) =>
        (!isArchive || row.archived) &&
        (!hides || includesArchived || !row.archived) &&
        (!isNested || row.values.vehicle_id === fleet.vehicleId),
    };
  });
}

/** The type of each field that a list of this resource filters or sorts by. */
export function fieldTypesOf(endpoints: readonly Endpoint[], resource: string): Record<string, string> {
  const fields = endpoints.flatMap(({ contract: { list } }) =>
    list?.resource === resource ? [...Object.entries(list.sorts), ...Object.entries(list.filters)] : [],
  );
  return Object.fromEntries(fields.map(([name, { type }]: [string, ListField]) => [name, type]));
}

function written(value: ModelValue, type: FieldType): string {
  return type === "timestamp" ? new Date(Number(value)).toISOString() : String(value);
}

function askCondition(random: RandomSource, { filters }: ListDefinition, rows: readonly ModelRow[]): ModelCondition[] {
  const names = Object.keys(filters);
  const field = names[random(names.length)];
  const type = field === undefined ? undefined : filters[field]?.type;
  if (field === undefined || type === undefined) return [];
  const known = rows.flatMap((row) => row.values[field] ?? []).filter((value) => !String(value).includes(","));
  if (known.length === 0) return [];
  const value = (): string => written(known[random(known.length)] ?? "", type);
  const operator = OPERATORS[type][random(OPERATORS[type].length)] ?? "eq";
  const start = random(4);
  const text =
    operator === "include"
      ? [value(), value()].join(",")
      : operator === "like"
        ? value()
            .slice(start, start + 1 + random(5))
            .toUpperCase()
        : value();
  return [{ field, type, operator, text }];
}

function ask(random: RandomSource, list: ListDefinition, rows: readonly ModelRow[], version: ApiVersion): Question {
  const legacy = !knowsFilterAndSort(version) || random(3) === 0;
  const orders = ["id", ...Object.keys(list.sorts)];
  const wanted = Array.from({ length: random(legacy ? 2 : 3) }, () => orders[random(orders.length)] ?? "id");
  return {
    conditions: Array.from({ length: random(3) }, () => askCondition(random, list, rows)).flat(),
    sort: [...new Set(wanted)].map((field) => ({ field, direction: random(2) === 0 ? "asc" : "desc" })),
    includesArchived: (list.flags?.includes("include_archived") ?? false) && random(2) === 0,
    legacy,
  };
}

function parametersOf({ conditions, sort, includesArchived, legacy }: Question): string[][] {
  return [
    ...conditions.map(({ field, operator, text }) => [
      legacy ? `q[${field}_${LEGACY[operator]}]` : `filter[${field}][${operator}]`,
      text,
    ]),
    ...sort.map(({ field, direction }) => (legacy ? ["q[s]", `${field} ${direction}`] : [`sort[${field}]`, direction])),
    ...(includesArchived ? [["include_archived", "1"]] : []),
  ];
}

function comparable(text: string, type: FieldType): ModelValue {
  return type === "timestamp" ? Date.parse(text) : type === "integer" ? Number(text) : text;
}

function meets(value: ModelValue | undefined, { type, operator, text }: ModelCondition): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value))
    return value.some((held: string) => meets(held, { field: "", type: "text", operator, text }));
  const wanted = comparable(text, type);
  switch (operator) {
    case "eq":
      return value === wanted;
    case "like":
      return String(value).toLowerCase().includes(text.toLowerCase());
    case "include":
      return text.split(",").some((item) => comparable(item, type) === value);
    case "lt":
      return value < (wanted ?? 0);
    case "lte":
      return value <= (wanted ?? 0);
    case "gt":
      return value > (wanted ?? 0);
    case "gte":
      return value >= (wanted ?? 0);
  }
}

/** Ties go by the id, the way of the order before it. */
function orderOf({ sort }: Question): (left: ModelRow, right: ModelRow) => number {
  const ways = sort.map(({ direction }) => (direction === "asc" ? 1 : -1));
  const keyOf = (row: ModelRow) => [
    ...sort.map(({ field }) => (field === "id" ? row.id : (row.values[field] ?? ABSENT[field] ?? null))),
    row.id,
  ];
  return (left, right) => {
    const [ours, theirs] = [keyOf(left), keyOf(right)];
    const at = ours.findIndex((value, index) => value !== theirs[index]);
    const way = ways[at] ?? ways.at(-1) ?? -1;
    return at === -1 ? 0 : (ours[at] ?? 0) < (theirs[at] ?? 0) ? -way : way;
  };
}

/** The answer is what was added. */
async function changeSomething(random: RandomSource, records: WalkedRecords): Promise<ModelRow | null> {
  if (random(2) === 0) return records.insert();
  await records.remove();
  return null;
}

/** Ids of a whole walk by cursor, with changes between the pages. */
async function walkByCursor(
  random: RandomSource,
  get: (parameters: string[][]) => Promise<Json>,
  question: Question,
  change: () => Promise<void>,
): Promise<number[]> {
  const seen: number[] = [];
  for (let cursor: string | null = null, page = 0; page === 0 || cursor !== null; page++) {
    const asked = page === 0 || random(2) === 0 ? parametersOf(question) : [];
    const place = cursor === null ? [] : [[random(2) === 0 ? "start_cursor" : "next_cursor", cursor]];
    const body: Json = await get([...asked, ...place, ["per_page", String(1 + random(12))]]);
    seen.push(...(body.records as Json).map(({ id }) => Number(id)));
    const next: unknown = body.next_cursor;
    cursor = typeof next === "string" ? next : null;
    if (random(2) === 0) await change();
    if (page > 1000) throw new Error("the walk does not end");
  }
  return seen;
}

async function walkByPage(
  random: RandomSource,
  get: (parameters: string[][]) => Promise<Json>,
  question: Question,
): Promise<number[]> {
  const perPage = String(5 + random(20));
  const seen: number[] = [];
  for (let page = 1; page < 1000; page++) {
    const records = await get([...parametersOf(question), ["per_page", perPage], ["page", String(page)]]);
    if (records.length === 0) return seen;
    seen.push(...records.map(({ id }) => Number(id)));
  }
  throw new Error("the walk does not end");
}

export interface Walk {
  readonly api: TestApi;
  readonly fleet: WalkedFleet;
  readonly version: ApiVersion;
  readonly random: RandomSource;
}

/** Walks one list with one random question; the answer says what was wrong, in words, or nothing. */
export async function walkOnce(
  { api, fleet, version, random }: Walk,
  { list, path, records, isVisible }: WalkedList,
): Promise<string | null> {
  const before = (await records?.rows()) ?? [];
  const question = ask(random, list, before, version);
  const asked = new URLSearchParams(parametersOf(question)).toString();
  const complaint = (sentence: string) => `${version} ${path}?${asked}: ${sentence}`;
  const get = async (parameters: string[][]) => {
    const query = new URLSearchParams(parameters).toString();
    const answer = await api.call(`/api/v1${path}?${query}`, {
      token: fleet.token,
      headers: { "account-token": fleet.account.token, "x-api-version": version },
    });
    if (answer.status !== 200) throw new Error(complaint(`${answer.status} ${answer.text} for ${query}`));
    return answer.json;
  };
  const all = new Map(before.map((row) => [row.id, row]));
  const change = async () => {
    if (records === null) return;
    const added = await changeSomething(random, records);
    if (added !== null) all.set(added.id, added);
  };
  const seen = listsAsArray(list.resource, version)
    ? await walkByPage(random, get, question)
    : await walkByCursor(random, get, question, change);
  const after = new Set(((await records?.rows()) ?? []).map(({ id }) => id));
  const matches = (row: ModelRow) =>
    isVisible(row, question) && question.conditions.every((condition) => meets(row.values[condition.field], condition));
  const rows = seen.map((id) => all.get(id));
  if (rows.some((row) => row === undefined)) return complaint("a record that the model does not know");
  const shown = rows.filter((row) => row !== undefined);
  if (new Set(seen).size !== seen.length) return complaint("a record twice");
  const strange = shown.find((row) => !matches(row));
  if (strange) return complaint(`a record that does not match: ${JSON.stringify(strange)}`);
  const lost = before.find((row) => after.has(row.id) && matches(row) && !seen.includes(row.id));
  if (lost) return complaint(`a record lost: ${JSON.stringify(lost)}`);
  const order = orderOf(question);
  const misplaced = shown.find((row, index) => index > 0 && order(shown[index - 1] as ModelRow, row) >= 0);
  return misplaced ? complaint(`out of order at ${JSON.stringify(misplaced)}`) : null;
}
