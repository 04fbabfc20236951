import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { compareRow } from "./compare";
import { describeStatements, type Description } from "./describe";
import type { RecordedStatement } from "./record";
import { joinShapes, type RowShape } from "./row-shapes";
import { findSites, type Site, type Sites } from "./sites";

export interface Check {
  /** A sentence each, with file, line, column and both types. */
  readonly complaints: readonly string[];
  /** How many calls assert a row type, and from how many of them a statement came. */
  readonly sites: number;
  readonly reached: number;
  /** How many statements were described. */
  readonly statements: number;
}

/** Where statements of the product are sent from. */
const FOLDERS = ["app", "components", "lib", "server", "scripts"];
const HAS_SITE = /\b(readSql|readDriverSql|readPreparedSql)\b|\$queryRaw|\.query</;

/** Files whose calls are looked at: all that run beside no test. */
export function productFiles(root: string): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      path.posix.join(folder, name.replaceAll("\\", "/")),
    ),
  ).filter((file) => /(?<!\.test|\.test-d|\.d)\.tsx?$/.test(file));
}

/** Those of them that send a statement, or hand over the row type of one that is sent elsewhere. */
function filesWithSites(root: string, files: readonly string[]): string[] {
  const texts = files.map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
  const sending = texts.filter(({ text }) => HAS_SITE.test(text));
  const generic = sending.flatMap(({ text }) => [...text.matchAll(/\bfunction (\w+)</g)].map(([, name]) => `${name}<`));
  return texts
    .filter((each) => sending.includes(each) || generic.some((name) => each.text.includes(name)))
    .map(({ file }) => file);
}

/** What the workers of a run wrote down. */
export function readRecorded(folder: string): RecordedStatement[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
  return files.flatMap((name) =>
    readFileSync(path.join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as RecordedStatement),
  );
}

interface Attributed {
  readonly site: Site;
  /** The calls that it takes to say the whole row type, the door's first. */
  readonly through: readonly Site[];
  /** The whole row type; null where the stack does not say who handed the rest over. */
  readonly shape: RowShape | null;
}

/** The call that a statement came from, and what its whole row type is. */
function attribute(sites: Sites, calls: readonly string[]): Attributed | null {
  const known = calls.flatMap((place) => sites.at(place) ?? []);
  const [site] = known;
  if (!site || site.calls) return null;
  if (!site.handedBy) return { site, through: [site], shape: site.shape };
  const handing = known.find((other, index) => index > 0 && other.calls !== null && other.handedBy === null);
  return handing
    ? { site, through: [site, handing], shape: joinShapes(site.shape, handing.shape) }
    : { site, through: [site], shape: null };
}

/** Whether `outer` hands its row type to `inner`, through however many functions. */
function handsTo(sites: Sites, outer: Site, inner: Site): boolean {
  if (inner.handedBy === null) return false;
  return (
    outer.calls === inner.handedBy ||
    sites.all.some((between) => between.calls === inner.handedBy && between.handedBy && handsTo(sites, outer, between))
  );
}

/** Where nobody knows who asked, one of those who may have must be content. */
function leastComplaints(sites: Sites, site: Site, compare: (shape: RowShape) => string[]): string[] {
  const candidates = sites.all.filter((outer) => outer.handedBy === null && handsTo(sites, outer, site));
  if (candidates.length === 0) return [`nobody says what ${site.says} is: give the call of it a type argument`];
  const complaints = candidates.map((outer) => compare(joinShapes(site.shape, outer.shape)));
  return complaints.reduce((least, other) => (other.length < least.length ? other : least));
}

/** Lists of parameters come in every length, and give the same columns. */
function wordingOf(text: string): string {
  return text.replace(/\$\d+/g, "$").replace(/(?:\(?\$(?:::\w+(?:\[\])?)?(?:,\$(?:::\w+)?)*\)?,?\s*)+/g, "$ ");
}

interface Asked extends Attributed {
  readonly door: RecordedStatement["door"];
  readonly text: string;
  readonly nulls: Set<string>;
}

function gather(sites: Sites, recorded: readonly RecordedStatement[]): { asked: Asked[]; strays: string[] } {
  const asked = new Map<string, Asked>();
  const strays = new Set<string>();
  for (const { door, text, calls, nulls } of recorded) {
    const found = attribute(sites, calls);
    if (!found) {
      strays.add(calls.find((place) => !place.startsWith("lib/platform/database/db.ts")) ?? "");
      continue;
    }
    const key = `${found.through.map(({ name }) => name).join()} ${wordingOf(text)}`;
    const known = asked.get(key) ?? { ...found, door, text, nulls: new Set<string>() };
    for (const name of nulls) known.nulls.add(name);
    asked.set(key, known);
  }
  return { asked: [...asked.values()], strays: [...strays] };
}

function complaintsOf(sites: Sites, asked: Asked, description: Description | undefined): string[] {
  const { site, through, shape, door, nulls } = asked;
  if (!description || "error" in description)
    return [`${site.name} could not be described: ${description?.error ?? "it was not asked for"}`];
  const compare = (whole: RowShape) => compareRow(door, description, nulls, whole);
  const complaints = shape ? compare(shape) : leastComplaints(sites, site, compare);
  const where = through.map(({ name, says }) => `${name} (${says})`).join(", for ");
  return complaints.map((complaint) => `${where}: ${complaint}`);
}

/** Whether a call has a type argument. */
function saysRowType(root: string, files: readonly string[], place: string): boolean {
  const [file = "", line, column] = place.split(":");
  if (!files.includes(file)) return false;
  const text = readFileSync(path.join(root, file), "utf8").split("\n")[Number(line) - 1] ?? "";
  return /^\$?\w+</.test(text.slice(Number(column) - 1));
}

/** Hands a row type over that it was handed itself: it says nothing of its own. */
const isBetween = ({ calls, handedBy }: Site) => calls !== null && handedBy !== null;

/** Calls that no statement came from, and nobody says why; and reasons for what is no longer there. */
function unreachedComplaints(
  sites: Sites,
  reached: ReadonlySet<Site>,
  excused: Readonly<Record<string, string>>,
): string[] {
  const unreached = sites.all.filter((site) => !isBetween(site) && !reached.has(site));
  const unsaid = unreached.filter(({ within }) => !Object.hasOwn(excused, within));
  const gone = Object.keys(excused).filter((within) => !sites.all.some((site) => site.within === within));
  return [
    ...unsaid.map(({ name, within }) => `${name}: no test reaches this statement (${within})`),
    ...gone.map((within) => `testing/statements/unreached.ts excuses ${within}, which is gone`),
  ];
}

export interface CheckOptions {
  readonly root: string;
  readonly files: readonly string[];
  readonly recorded: readonly RecordedStatement[];
  /** By `path › function`, why no test reaches a statement. */
  readonly excused: Readonly<Record<string, string>>;
  /** A database of the tests. */
  readonly url: string;
}

/** Compares what ran with what its calls promise. */
export async function checkStatements({ root, files, recorded, excused, url }: CheckOptions): Promise<Check> {
  const sites = findSites(root, filesWithSites(root, files));
  const { asked, strays } = gather(sites, recorded);
  const described = await describeStatements(url, new Set(asked.map(({ text }) => text)));
  const reached = new Set(asked.flatMap(({ through }) => through));
  const complaints = new Set([
    ...asked.flatMap((each) => complaintsOf(sites, each, described.get(each.text))),
    ...strays
      .filter((place) => saysRowType(root, files, place))
      .map((place) => `${place}: a statement is sent by a call that testing/statements/sites.ts does not know`),
    ...unreachedComplaints(sites, reached, excused),
  ]);
  return {
    complaints: [...complaints].sort(),
    sites: sites.all.filter((site) => !isBetween(site)).length,
    reached: reached.size,
    statements: described.size,
  };
}
