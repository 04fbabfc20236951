import { Client, type Submittable } from "pg";

/** A column as the server describes it: its type by PostgreSQL's own name. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  /** Of an array, what it is made of. */
  readonly element: string | null;
  /** Of an enum, or an array of one. */
  readonly labels: readonly string[] | null;
}

export type Description = readonly DescribedColumn[] | { readonly error: string };

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** What the driver's line can do and does not declare. */
interface Line {
  parse(statement: { name: string; text: string; types: number[] }): void;
  describe(statement: { type: "S"; name: string }): void;
  sync(): void;
}

/** Parse and Describe, and no Execute: the server says what a statement would give, and runs nothing. */
class Describing implements Submittable {
  #fields: readonly Field[] = [];
  #error: Error | null = null;

  constructor(
    private readonly text: string,
    private readonly tell: (fields: readonly Field[] | Error) => void,
  ) {}

  submit(connection: unknown): void {
    const line = connection as Line;
    line.parse({ name: "", text: this.text, types: [] });
    line.describe({ type: "S", name: "" });
    line.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#fields = fields;
  }

  handleError(error: Error): void {
    this.#error = error;
  }

  handleReadyForQuery(): void {
    this.tell(this.#error ?? this.#fields);
  }
}

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly element: string | null;
  readonly labels: string[] | null;
}

const TYPES = `
  SELECT t.oid::int, t.typname AS name, CASE WHEN t.typcategory = 'A' THEN e.typname END AS element,
    (SELECT array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum
      WHERE enumtypid IN (t.oid, CASE WHEN t.typcategory = 'A' THEN t.typelem END)) AS labels
  FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem`;

/** What each statement gives, by its text. Nothing is run: the session could not change anything either. */
export async function describeStatements(url: string, texts: Iterable<string>): Promise<Map<string, Description>> {
  const client = new Client({ connectionString: url, options: "-c default_transaction_read_only=on" });
  await client.connect();
  try {
    const { rows } = await client.query<TypeRow>(TYPES);
    const types = new Map(rows.map(({ oid, ...type }) => [oid, type]));
    const describe = (text: string) =>
      new Promise<Description>((resolve) => {
        client.query(
          new Describing(text, (found) => {
            if (found instanceof Error) return resolve({ error: found.message });
            resolve(found.map(({ name, dataTypeID }) => columnOf(name, types.get(dataTypeID))));
          }),
        );
      });
    const described = new Map<string, Description>();
    for (const text of texts) described.set(text, await describe(text));
    return described;
  } finally {
    await client.end();
  }
}

function columnOf(name: string, type: Omit<TypeRow, "oid"> | undefined): DescribedColumn {
  return { name, type: type?.name ?? "unknown", element: type?.element ?? null, labels: type?.labels ?? null };
}
