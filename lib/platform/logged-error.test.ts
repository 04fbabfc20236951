import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { newLog } from "./log";
import { readPool, writePool } from "./database/pool";
import { bookkeepingDb } from "./database/write-db";

/** Stands in what was sent, and nowhere else. */
const SENT = "Zanz 47x1";
const ANY_OF_IT = /Zanz|47x1/;

function lineOf(error: unknown): string {
  const lines: string[] = [];
  newLog({ write: (line: string) => void lines.push(line) }, "info").error({ err: error }, "it failed");
  return lines.join("");
}

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Each says what was sent, in its message or beside it. */
const FAILURES: Readonly<Record<string, readonly [work: () => unknown, tells: readonly string[]]>> = {
  "a unique name that is taken, by the driver": [
    async () => {
      const account = await makeAccount();
      for (let n = 0; n < 2; n += 1)
        await writePool().query(
          "INSERT INTO contacts (account_id, first_name, name, employee_number) VALUES ($1, 'x', 'x', $2)",
          [account.id, SENT],
        );
    },
    ["23505", "contacts_account_id_employee_number_key", "duplicate key value"],
  ],
  "a unique name that is taken, by Prisma": [
    async () => {
      const account = await makeAccount();
      for (let n = 0; n < 2; n += 1) await makeContact({ account, employeeNumber: SENT });
    },
    ["P2002"],
  ],
  "a value that the database cannot read": [
    () => readPool().query("SELECT $1::text::int", [SENT]),
    ["22P02", "invalid input syntax for type integer"],
  ],
  "a value with quotation marks in it": [
    () => readPool().query("SELECT $1::text::json", [`{"a": "b" ${SENT} "c"}`]),
    ["22P02", "invalid input syntax for type json"],
  ],
  "the same by Prisma": [
    () => bookkeepingDb().$queryRaw`SELECT ${`"${SENT}"`}::text::int`,
    ["P2010", "22P02", "invalid input syntax for type integer"],
  ],
  "what Prisma is given and cannot take": [
    () => bookkeepingDb().contact.findMany({ where: { firstName: SENT, id: SENT as unknown as number } }),
    ["PrismaClientValidationError", "Expected"],
  ],
  "a statement about a column that is not there": [
    () => readPool().query("SELECT surname FROM contacts WHERE name = $1", [SENT]),
    ["42703", 'column "surname" does not exist'],
  ],
  JSON: [() => JSON.parse(`{"name": ${SENT}}`) as unknown, ["SyntaxError", "is not valid JSON"]],
  "a URL": [() => new URL(`http://${SENT}/`), ["ERR_INVALID_URL", "Invalid URL"]],
  "a whole number": [() => BigInt(SENT), ["SyntaxError", "to a BigInt"]],
  "a time zone": [() => new Intl.DateTimeFormat("en", { timeZone: SENT }), ["RangeError", "Invalid time zone"]],
  "a pattern": [() => new RegExp(`${SENT}(`), ["SyntaxError", "Invalid regular expression"]],
  "a header": [() => new Headers({ "x-name": `${SENT}\n1` }), ["TypeError", "is an invalid header value"]],
  "a schema": [
    () => z.strictObject({ plan: z.enum(["basic"]) }).parse({ plan: SENT, [SENT]: SENT }),
    ["ZodError", "invalid_value, unrecognized_keys"],
  ],
  "a failure behind another": [
    () => {
      throw new Error("the file could not be read", { cause: new Error(`no field "${SENT}"`) });
    },
    ["the file could not be read", "caused by: Error: no field"],
  ],
  "several at once": [
    () => {
      throw new AggregateError([new Error(`'${SENT}' is wrong`)], "all of them failed");
    },
    ["all of them failed", "is wrong"],
  ],
  "something beside the message": [
    () => {
      throw Object.assign(new Error("no"), { detail: SENT, where: SENT, parameters: [SENT], meta: { body: SENT } });
    },
    ["no"],
  ],
};

describe("a failure in the log", () => {
  it.each(Object.entries(FAILURES))(
    "says what and where, and nothing of what was sent: %s",
    async (_, [work, tells]) => {
      const error = await thrownBy(work);
      const line = lineOf(error);
      expect(line).not.toMatch(ANY_OF_IT);
      expect(line.trimEnd().split("\n")).toHaveLength(1);
      const { err } = JSON.parse(line) as { err: { stack: string } };
      expect(err.stack).toMatch(/\n {4}at .+:\d+:\d+/);
      for (const words of tells) expect(JSON.stringify(err).replaceAll('\\"', '"')).toContain(words);
    },
  );

  it("quotes what is the program's own", () => {
    const name = "accountId";
    const line = lineOf(new TypeError(`Cannot read properties of undefined (reading '${name}')`));
    expect(line).toContain("Cannot read properties of undefined (reading 'accountId')");
    expect(lineOf(new Error("Can't reach it, don't know why"))).toContain("Can't reach it, don't know why");
  });

  it("takes no line of a message for a part of its stack", () => {
    const fake = randomUUID();
    const line = lineOf(new Error(`no "x"\n    at ${fake} (file.ts:1:1)\n    at ${fake} "y"`));
    expect(line).not.toContain(fake);
    expect(line).toContain("logged-error.test.ts");
  });

  it("is no error at all: that is said", () => {
    expect(lineOf(SENT)).not.toMatch(ANY_OF_IT);
    expect(lineOf({ body: SENT })).toContain("no error was thrown, but object");
  });
});
