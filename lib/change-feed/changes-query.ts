import { oneOf, textOf, wholeNumber, type QueryOf } from "@/lib/public-api/stages/query";
import { FED_RESOURCES } from "./policy";

/** What may stand behind the address. */
export const changesQuery = {
  after: textOf(
    "The place to go on from: the `X-Change-Sequence` of a list's first page, then each answer's `next_after`.",
    /^[0-9a-f]{12}\.\d{1,12}$/,
    "must be an X-Change-Sequence of a list, or the next_after of an answer",
  ),
  limit: wholeNumber("How many changes at most; what is outside of 1 to 1000 counts as the nearest inside.", {
    least: 1,
    most: 1000,
    otherwise: 100,
  }),
  wait: wholeNumber(
    "For so many seconds the answer waits for a change where there is none yet. At most 10 requests of a key wait at a time: a further one is answered at once.",
    { least: 0, most: 30, otherwise: 0 },
  ),
  "filter[resource][eq]": oneOf("Only changes of this resource.", FED_RESOURCES),
};

export interface ChangesRequest {
  readonly after: string;
  readonly limit: number;
  readonly resource: string | null;
  readonly waitSeconds: number;
}

export function changesRequest(query: QueryOf<typeof changesQuery>): ChangesRequest {
  const { after, limit, wait: waitSeconds, "filter[resource][eq]": resource } = query;
  return { after, limit, waitSeconds, resource };
}
