import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";

/** Whose parsers an answer came through: Prisma's, or the driver's own. */
export type Door = "prisma" | "driver";

/** A statement that ran, where it was sent from, and which of its columns were NULL in an answer. */
export interface RecordedStatement {
  readonly door: Door;
  readonly text: string;
  /** The calls it came through, the innermost first: `path:line:column`. */
  readonly calls: readonly string[];
  /** By name; where a row comes as a list, by place. */
  readonly nulls: readonly string[];
}

type Statement = Omit<RecordedStatement, "nulls">;

interface Seen {
  readonly statement: Statement;
  readonly nulls: Set<string>;
  isWritten: boolean;
}

/** Enough for a list that hands a feature's row type through four functions. */
const MOST_CALLS = 8;
const LONGEST_STACK = 40;
const ROOT = `${path.resolve(import.meta.dirname, "../..")}/`;
const THIS_FILE = import.meta.filename;
const OF_DRIVER = /\/node_modules\/pg(-pool)?\//;
const NOT_OURS = /^node:|\/node_modules\//;

const seen = new Map<string, Seen>();

function fileOf(frame: NodeJS.CallSite): string {
  return (frame.getFileName() ?? "").replace(/^file:\/\//, "");
}

/** Prisma asks the driver as well: what it makes of our models is no statement of ours. */
function isOurs(frames: readonly NodeJS.CallSite[]): boolean {
  const sender = frames.map(fileOf).find((file) => file !== THIS_FILE && !OF_DRIVER.test(file));
  return sender !== undefined && sender !== "" && !NOT_OURS.test(sender);
}

type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** The calls that led here, by the lines of their sources. */
function callsHere(): string[] {
  const prepareStackTrace = Reflect.get(Error, "prepareStackTrace") as Prepare | undefined;
  const { stackTraceLimit } = Error;
  const holder = { stack: "" };
  try {
    Error.stackTraceLimit = LONGEST_STACK;
    // Vitest's own names the lines of the sources; it is dear, and most statements are not ours.
    Error.prepareStackTrace = (error, frames) =>
      isOurs(frames) && prepareStackTrace ? String(prepareStackTrace(error, frames)) : "";
    Error.captureStackTrace(holder);
    return positionsIn(holder.stack);
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

function positionsIn(stack: string): string[] {
  return stack
    .split("\n")
    .map((line) => /\(?(?:file:\/\/)?(\/[^()]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? "")
    .filter((place) => place.startsWith(ROOT) && !place.startsWith(THIS_FILE) && !NOT_OURS.test(place))
    .map((place) => place.slice(ROOT.length))
    .slice(0, MOST_CALLS);
}

function columnsThatAreNull(row: unknown): string[] {
  return Object.entries(row as object).flatMap(([name, value]) => (value === null ? [name] : []));
}

/** Kept once a wording and way: what runs again only adds the columns that were NULL. */
function keep(statement: Statement, rows: readonly unknown[]): void {
  const key = JSON.stringify(statement);
  const known: Seen = seen.get(key) ?? { statement, nulls: new Set(), isWritten: false };
  seen.set(key, known);
  for (const name of rows.flatMap(columnsThatAreNull)) {
    if (known.nulls.has(name)) continue;
    known.nulls.add(name);
    known.isWritten = false;
  }
}

/** What was seen since the last time, a line each. */
export function writeRecorded(folder: string): void {
  const fresh = [...seen.values()].filter(({ isWritten }) => !isWritten);
  if (fresh.length === 0) return;
  const lines = fresh.map(({ statement, nulls }) => JSON.stringify({ ...statement, nulls: [...nulls] }));
  mkdirSync(folder, { recursive: true });
  appendFileSync(path.join(folder, `${process.pid}.jsonl`), `${lines.join("\n")}\n`);
  for (const each of fresh) each.isWritten = true;
}

interface Sql {
  readonly sql: string;
  readonly text: string;
}

type Ask = (this: unknown, ...given: unknown[]) => unknown;
interface Asked {
  prototype: object;
}

const WATCHED = Symbol.for("fleet-advisor-hub.watched-statements");

/** Puts `watch` around a method of a class, once however often its module is loaded. */
function around({ prototype }: Asked, name: string, watch: (ask: Ask) => Ask): void {
  const ask = Reflect.get(prototype, name) as Ask & { [WATCHED]?: true };
  if (ask[WATCHED]) return;
  Reflect.set(prototype, name, Object.assign(watch(ask), { [WATCHED]: true }));
}

function textOf(query: Sql | readonly string[], values: readonly unknown[], join: Join): string {
  return "text" in query ? query.text : join(query, ...values).text;
}

type Join = (strings: readonly string[], ...values: unknown[]) => Sql;

/** From now on the raw statements of every client of this class are kept. */
export function recordPrisma(client: Asked, join: Join): void {
  around(client, "$queryRaw", (ask) => {
    return function (this: unknown, query, ...values) {
      const calls = callsHere();
      const promise = ask.call(this, query, ...values) as Promise<unknown[]>;
      if (calls.length === 0) return promise;
      const statement: Statement = { door: "prisma", text: textOf(query as Sql, values, join), calls };
      const run = promise.then.bind(promise);
      // It runs when it is first waited for, and not before: so it does still.
      const watched = () =>
        run((rows) => {
          keep(statement, rows);
          return rows;
        });
      return Object.assign(promise, {
        then: (...given: Parameters<typeof run>) => watched().then(...given),
        catch: (given: (error: unknown) => unknown) => watched().catch(given),
        finally: (given: () => void) => watched().finally(given),
      });
    };
  });
}

interface Answer {
  readonly rows: readonly unknown[];
}

function askedText(question: unknown): string | null {
  if (typeof question === "string") return question;
  if (typeof question !== "object" || question === null || "submit" in question) return null;
  return "text" in question && typeof question.text === "string" ? question.text : null;
}

/** The same of the driver's own clients and pools. */
export function recordDriver(asked: Asked): void {
  around(asked, "query", (ask) => {
    return function (this: unknown, ...given) {
      const text = askedText(given[0]);
      // A pool asks its client so: that was seen already.
      const calls = text === null || typeof given.at(-1) === "function" ? [] : callsHere();
      const answer = ask.apply(this, given);
      if (text === null || calls.length === 0) return answer;
      return (answer as Promise<Answer | Answer[]>).then((found) => {
        if (!Array.isArray(found)) keep({ door: "driver", text, calls }, found.rows);
        return found;
      });
    };
  });
}
