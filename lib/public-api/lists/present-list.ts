import { jsonAnswer, type Answer } from "../answer";
import { writeCursor } from "./cursor";
import type { Condition, ListDefinition, ListPage, ListRequest, Sort } from "./list-definition";

/** `per_page` and `page` of the older versions, in headers beside the bare array. */
function paginationHeaders(page: number, perPage: number, total: number): Record<string, string> {
  return {
    "X-Pagination-Limit": String(perPage),
    "X-Pagination-Current-Page": String(page),
    "X-Pagination-Total-Pages": String(Math.ceil(total / perPage)),
    "X-Pagination-Total-Count": String(total),
  };
}

const shownFilter = ({ field, operator, value }: Condition) => ({ [field]: { [operator]: value } });
const shownSort = (sort: Sort) => sort.map(({ field, direction }) => ({ [field]: direction }));

/** What was asked, and of whom. */
interface AskedList {
  readonly list: ListDefinition;
  readonly request: ListRequest;
  readonly accountId: number;
}

/** A page of records as the caller's version lists them. */
export function listAnswer(
  { list, request, accountId }: AskedList,
  page: ListPage<unknown>,
  records: readonly unknown[],
): Answer {
  const place = { "X-Change-Sequence": page.changePlace };
  if (page.by === "page")
    return jsonAnswer(200, records, { ...paginationHeaders(page.page, request.perPage, page.total), ...place });
  const { conditions, flags, sort } = request;
  const cursorAt = (after: readonly string[] | null) =>
    writeCursor({ accountId, resource: list.scope ?? list.resource, conditions, flags, sort, after });
  const current = cursorAt(page.after);
  const body = {
    start_cursor: current,
    current_cursor: current,
    next_cursor: page.next === null ? null : cursorAt(page.next),
    per_page: request.perPage,
    estimated_remaining_count: page.remaining,
    filtered_by: conditions.map(shownFilter),
    sorted_by: shownSort(sort),
    records,
  };
  return jsonAnswer(200, body, place);
}
