import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import type { WritePermission } from "@/lib/resources";

type Writer = Permit<WritePermission>;

/** The records that a text may mean. */
type Meanings = ReadonlyMap<string, readonly number[]>;

/** How many of one name are told apart: more than one is refused anyhow. */
const AMBIGUOUS = 2;

async function meaningsOf(texts: readonly string[], find: (wanted: Prisma.Sql) => Prisma.Sql): Promise<Meanings> {
  const wanted = [...new Set(texts)];
  if (wanted.length === 0) return new Map();
  const rows = await readSql<{ wanted: string; ids: number[] }>(
    find(Prisma.sql`unnest(${wanted}::text[]) AS given(wanted)`),
  );
  return new Map(rows.map(({ wanted: text, ids }) => [text, ids]));
}

/** Vehicles by name, else by VIN. */
export function findVehiclesNamed({ account }: Writer, texts: readonly string[]): Promise<Meanings> {
  return meaningsOf(
    texts,
    (wanted) => Prisma.sql`
      SELECT wanted, COALESCE(
        (SELECT ARRAY[v.id] FROM vehicles v WHERE v.account_id = ${account.id} AND v.name = wanted),
        (SELECT ARRAY[v.id] FROM vehicles v WHERE v.account_id = ${account.id} AND v.vin = upper(wanted)),
        ARRAY[]::int[]) AS ids
      FROM ${wanted}`,
  );
}

/** Contacts by employee number, else by e-mail address, else by name; those in the list before those archived. */
export function findContactsNamed({ account }: Writer, texts: readonly string[]): Promise<Meanings> {
  const by = (column: Prisma.Sql, archived: Prisma.Sql) => Prisma.sql`
    NULLIF(ARRAY(SELECT c.id FROM contacts c WHERE c.account_id = ${account.id} AND ${column} = wanted AND ${archived}
      ORDER BY c.id LIMIT ${AMBIGUOUS}), ARRAY[]::int[])`;
  const columns = [Prisma.sql`c.employee_number`, Prisma.sql`c.email`, Prisma.sql`c.name`];
  const states = [Prisma.sql`c.archived_at IS NULL`, Prisma.sql`c.archived_at IS NOT NULL`];
  const ways = states.flatMap((state) => columns.map((column) => by(column, state)));
  return meaningsOf(
    texts,
    (wanted) => Prisma.sql`SELECT wanted, COALESCE(${Prisma.join(ways)}, ARRAY[]::int[]) AS ids FROM ${wanted}`,
  );
}

/** The one record that is meant, or why none is. */
export function oneMeant(
  found: Meanings,
  text: string | null,
  noun: "vehicle" | "contact",
): { readonly id: number } | { readonly complaint: string } {
  if (text === null) return { complaint: "can't be blank" };
  const [id, other] = found.get(text) ?? [];
  if (id === undefined)
    return {
      complaint:
        noun === "vehicle"
          ? `there is no vehicle with the name or VIN “${text}”`
          : `there is no contact with the name, e-mail address or employee number “${text}”`,
    };
  if (other !== undefined)
    return { complaint: `several contacts are called “${text}”; name one by e-mail address or employee number` };
  return { id };
}
