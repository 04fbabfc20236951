import { Prisma } from "@/lib/platform/database/db";
import { allowsOperator } from "./conditions";
import type { Condition, ListDefinition, ListField, ListRequest, Operator } from "./list-definition";

const NOTHING = Prisma.sql`NULL`;
/** Of these a list finds its records by their number: `in` is theirs alone. */
const BY_ID: readonly Operator[] = ["eq", "include", "in"];

function idOf({ id }: ListDefinition): ListField {
  return { column: id, type: "integer" };
}

/** A field that a filter names; null where the list has none of the kind. */
function filterNamed(list: ListDefinition, name: string): ListField | null {
  if (name === "id") return idOf(list);
  if (Object.hasOwn(list.filters, name)) return list.filters[name] ?? null;
  // Times are read all the same: whoever mistypes one would mistype it elsewhere too.
  return list.isAlwaysEmpty === true && name !== ""
    ? { column: NOTHING, type: name.endsWith("_at") ? "timestamp" : "text" }
    : null;
}

/**
 * What a filter's name stands for: one field, or each part of a joined name (`name_or_vin_or_license_plate`), of which
 * one has to match. Empty where a part is no filter of the list.
 */
export function fieldsNamed(list: ListDefinition, name: string): readonly ListField[] {
  const whole = filterNamed(list, name);
  if (whole !== null) return [whole];
  const parts = [...new Set(name.split("_or_"))].map((part) => filterNamed(list, part));
  return parts.every((part) => part !== null) ? parts : [];
}

/** Whether the list takes this comparison of the field. */
export function takesOperator(list: ListDefinition, name: string, field: ListField, operator: Operator): boolean {
  if (name === "id") return BY_ID.includes(operator);
  if (operator === "in") return false;
  return list.isAlwaysEmpty === true || allowsOperator(field, operator);
}

/** Records that are named one by one are shown, archived ones too. */
export function namesRecords({ conditions }: Pick<ListRequest, "conditions">): boolean {
  return conditions.some(({ field, operator }: Condition) => field === "id" && BY_ID.includes(operator));
}
