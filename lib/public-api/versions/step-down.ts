import { API_VERSIONS, type ApiVersion } from "./api-versions";

type Shape = Readonly<Record<string, unknown>>;

/** What a version did differently from the one after it. A step gives a record other names or types besides, and takes none away: clients of any age read them. */
interface Step {
  /** Resources whose lists were bare arrays; in all older versions they were too. */
  readonly arrays: "all" | readonly string[];
  /** From a record of the next version to one of this. */
  readonly records: Readonly<Record<string, (record: Shape) => Shape>>;
}

const STEPS: Readonly<Record<Exclude<ApiVersion, "2025-05-05">, Step>> = {
  "2024-06-30": { arrays: [], records: {} },
  "2024-03-15": { arrays: ["webhooks", "webhook_events", "accounts"], records: {} },
  "2024-01-01": { arrays: [], records: {} },
  "2023-03-01": { arrays: "all", records: {} },
};

/** The steps from the newest version down to each. */
const STEPS_TO = new Map(
  API_VERSIONS.map((version): [ApiVersion, readonly Step[]] => {
    const below = API_VERSIONS.slice(API_VERSIONS.indexOf(version)).reverse();
    return [version, below.flatMap((passed) => (passed === "2025-05-05" ? [] : [STEPS[passed]]))];
  }),
);

function stepsTo(version: ApiVersion): readonly Step[] {
  return STEPS_TO.get(version) ?? [];
}

/** A record of the newest shape as this version had it. */
export function stepDown(resource: string, version: ApiVersion, record: Shape): Shape {
  return stepsTo(version).reduce((shape, { records }) => records[resource]?.(shape) ?? shape, record);
}

/** Whether a version lists this resource as a bare array with page numbers, rather than by cursor. */
export function listsAsArray(resource: string, version: ApiVersion): boolean {
  return stepsTo(version).some(({ arrays }) => arrays === "all" || arrays.includes(resource));
}

/** How many records a page holds unless it is said. */
export function defaultPageSize(version: ApiVersion): number {
  return version === "2023-03-01" ? 100 : 50;
}

/** The oldest version filters and sorts by `q[…]` alone; the later ones know `filter` and `sort` besides. */
export function knowsFilterAndSort(version: ApiVersion): boolean {
  return version !== "2023-03-01";
}
