import type { z } from "zod";

import type { Permission } from "@/lib/auth/permissions";
import { authorize, type AuthContext, type Permit } from "@/lib/auth/permit";
import { isRefusedValue } from "@/lib/platform/database/errors";
import { DomainError, wrongFields } from "@/lib/platform/errors";
import type { ImportedRecord, WritePermission } from "@/lib/resources";

/** What became of one record. */
export type Written = { readonly id: number } | { readonly refusal: unknown };

/** Adds one kind of record as somebody in particular. */
export interface RecordWriter {
  readonly permit: Permit<WritePermission>;
  /** Adds what can be added, and says of each in turn what became of it. */
  readonly write: (given: readonly unknown[]) => Promise<Written[]>;
}

/** Asks whether somebody may, and gives him the writer. @throws DomainError forbidden */
export type OpenWriter = (authContext: AuthContext) => RecordWriter;

/** By kind of record: what the import's job adds them with. */
export type ImportWriters = Readonly<Record<ImportedRecord, OpenWriter>>;

function readInput<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
): { readonly input: z.output<Schema> } | { readonly refusal: DomainError } {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { input: parsed.data };
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) (fields[issue.path.join(".")] ??= []).push(issue.message);
  return { refusal: wrongFields(fields) };
}

type CreateMany<Input> = (inputs: readonly Input[]) => Promise<readonly { readonly id: number }[]>;

/** All at once; where one is refused, the halves one after the other: as if each had come alone. */
async function writeAll<Input>(create: CreateMany<Input>, inputs: readonly Input[]): Promise<Written[]> {
  if (inputs.length === 0) return [];
  try {
    return [...(await create(inputs))];
  } catch (error) {
    if (!(error instanceof DomainError) && !isRefusedValue(error)) throw error;
    if (inputs.length === 1) return [{ refusal: error }];
    const half = Math.ceil(inputs.length / 2);
    const first = await writeAll(create, inputs.slice(0, half));
    return [...first, ...(await writeAll(create, inputs.slice(half)))];
  }
}

/** A kind of record as its own feature adds it: the schema and the function are those of the API. */
export function recordWriter<P extends Permission & WritePermission, Schema extends z.ZodType>(
  permission: P,
  schema: Schema,
  create: (permit: Permit<P>, inputs: readonly z.output<Schema>[]) => Promise<readonly { readonly id: number }[]>,
): OpenWriter {
  return (authContext) => {
    const permit = authorize(authContext, permission);
    const write = async (given: readonly unknown[]) => {
      const read = given.map((each) => readInput(schema, each));
      const inputs = read.flatMap((each) => ("input" in each ? [each.input] : []));
      const written = (await writeAll((some: readonly z.output<Schema>[]) => create(permit, some), inputs)).values();
      return read.map((each) => ("input" in each ? (written.next().value ?? { refusal: undefined }) : each));
    };
    return { permit, write };
  };
}
