import { z } from "zod";

import { idShape, instantShape } from "@/lib/platform/output-fields";
import { FED_EVENTS, FED_RESOURCES, saidOf } from "./policy";

/** An entry of the audit log, as far as the feed tells of it. */
export interface FeedEntry {
  readonly sequence: number;
  readonly action: string;
  readonly recordId: number;
  readonly occurredAt: Date;
}

export interface ChangePage {
  readonly entries: readonly FeedEntry[];
  readonly nextAfter: string;
}

export const changesShape = z.strictObject({
  records: z.array(
    z.strictObject({
      sequence: idShape(),
      event: z.enum(FED_EVENTS as [string, ...string[]]),
      resource: z.enum(FED_RESOURCES as [string, ...string[]]),
      id: idShape(),
      at: instantShape(),
    }),
  ),
  next_after: z.string().meta({ pattern: "^[0-9a-f]{12}\\.\\d+$", description: "The `after` of the next request." }),
});

export function presentChanges({ entries, nextAfter }: ChangePage): z.infer<typeof changesShape> {
  const records = entries.map(({ sequence, action, recordId, occurredAt }) => ({
    sequence,
    event: saidOf(action)?.event ?? "",
    resource: saidOf(action)?.resource ?? "",
    id: recordId,
    at: occurredAt.toISOString(),
  }));
  return { records, next_after: nextAfter };
}
