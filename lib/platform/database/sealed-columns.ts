import type { ClientBase, Pool } from "pg";

import { decrypt, encrypt, UnreadableError } from "../cipher";
import { KEY_ID_BYTES, keyRing, type KeyRing } from "../key-ring";
import { forgetOtherKeys, refuseMissingKeys } from "./key-canaries";

/** Where encrypted texts are kept. Names and context are SQL of ours, never of anybody else's. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly purpose: string;
  /** What gives a row's context, as who encrypts it says it. */
  readonly context: string;
}

interface SealedRow {
  readonly place: string;
  readonly sealed: Buffer;
  readonly context: string;
}

interface Reencrypted {
  readonly renewed: number;
  /** No key that this process was given opens them: they stay as they are. */
  readonly unreadable: number;
}

type Connection = Pick<ClientBase | Pool, "query">;

const ROWS_AT_ONCE = 200;
/** Before the first row of a table. */
const BEGINNING = "(0,0)";

function nextRows(database: Connection, { table, column, context }: SealedColumn, after: [Buffer, string]) {
  return database.query<SealedRow>(
    `SELECT ctid::text AS place, "${column}" AS sealed, ${context} AS context FROM "${table}"
    WHERE "${column}" IS NOT NULL AND substring("${column}" FROM 1 FOR ${KEY_ID_BYTES}) <> $1 AND ctid > $2::tid
    ORDER BY ctid LIMIT ${ROWS_AT_ONCE}`,
    after,
  );
}

function encryptAnew({ sealed, context }: SealedRow, purpose: string, ring: KeyRing): Buffer | null {
  try {
    const place = { purpose, context };
    return Buffer.from(encrypt(decrypt(sealed, place, ring), place, ring));
  } catch (error) {
    if (error instanceof UnreadableError) return null;
    throw error;
  }
}

/** From the table's beginning to its end; a row that is written meanwhile may stand behind it afterwards. */
async function walk(database: Connection, sealed: SealedColumn, ring: KeyRing): Promise<Reencrypted> {
  const { table, column, purpose } = sealed;
  let [renewed, unreadable, after] = [0, 0, BEGINNING];
  for (;;) {
    const { rows } = await nextRows(database, sealed, [ring.current.id, after]);
    for (const row of rows) {
      const anew = encryptAnew(row, purpose, ring);
      if (anew === null) unreadable += 1;
      // Only what is still there as it was read: who wrote it meanwhile encrypted it as well.
      const update = `UPDATE "${table}" SET "${column}" = $1 WHERE ctid = $2::tid AND "${column}" = $3`;
      if (anew !== null) renewed += (await database.query(update, [anew, row.place, row.sealed])).rowCount ?? 0;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return { renewed, unreadable };
    after = last.place;
  }
}

async function reencrypt(database: Connection, column: SealedColumn, ring: KeyRing): Promise<Reencrypted> {
  let total = 0;
  for (;;) {
    const { renewed, unreadable } = await walk(database, column, ring);
    total += renewed;
    if (renewed === 0) return { renewed: total, unreadable };
  }
}

/**
 * Encrypts with the current key whatever another one encrypted, row by row: it may be interrupted, run twice or twice at
 * once, and everything can be read at every moment. Resolves with whether the other keys are needed no more.
 * @param say is told of each column what there is to say
 * @throws MissingKeyError where a key that is needed was not given: nothing was touched
 */
export async function reencryptAll(
  database: Connection,
  columns: readonly SealedColumn[],
  say: (line: string) => void,
  ring = keyRing(),
): Promise<boolean> {
  await refuseMissingKeys(database, ring);
  let left = 0;
  for (const column of columns) {
    const { renewed, unreadable } = await reencrypt(database, column, ring);
    left += unreadable;
    const lost = unreadable === 0 ? "" : `, ${unreadable} that no key opens`;
    say(`${column.table}.${column.column}: ${renewed} encrypted anew${lost}.`);
  }
  if (left > 0) {
    say(`${left} are as they were: no key that was given opens them, so no key was forgotten.`);
    return false;
  }
  await forgetOtherKeys(database, ring);
  say("All is encrypted with the current key. Where every instance has it, the others are needed for backups alone.");
  return true;
}
