import type { z } from "zod";

import type { Permission } from "@/lib/auth/permissions";
import { authorize, type Asking, type Permit } from "@/lib/auth/permit";
import { wrongFields } from "@/lib/platform/errors";
import type { WRITE_PERMISSIONS } from "./policy";
import type { ImportedRecord } from "./schema";

export type WritePermission = (typeof WRITE_PERMISSIONS)[ImportedRecord];

/** Adds one kind of record as somebody in particular. */
export interface RecordWriter {
  readonly permit: Permit<WritePermission>;
  /** Gives the new record's id. @throws DomainError for a row that cannot be added */
  readonly write: (given: unknown) => Promise<number>;
}

/** Asks whether somebody may, and gives him the writer. @throws DomainError forbidden */
export type OpenWriter = (asking: Asking) => RecordWriter;

/** By kind of record: what the import's job adds them with. */
export type ImportWriters = Readonly<Record<ImportedRecord, OpenWriter>>;

function readInput<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) (fields[issue.path.join(".")] ??= []).push(issue.message);
  throw wrongFields(fields);
}

/** A kind of record as its own feature adds it: the schema and the function are those of the API. */
export function importWriter<P extends Permission & WritePermission, Schema extends z.ZodType>(
  permission: P,
  schema: Schema,
  create: (permit: Permit<P>, input: z.output<Schema>) => Promise<{ readonly id: number }>,
): OpenWriter {
  return (asking) => {
    const permit = authorize(asking, permission);
    return { permit, write: async (given) => (await create(permit, readInput(schema, given))).id };
  };
}
