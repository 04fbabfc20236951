// What failed and why, from the JSON reports of vitest and Playwright: at the end of a run of an hour nobody scrolls back.
import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const MAX_LINE = 300;
/** A comparison says in its later lines what differed: as many of them as one reads. */
const MAX_LINES = 30;

/** What failed and the first line of why; the rest stands below it, indented. @param {string} what @param {string[]} messages */
function reportOf(what, messages) {
  const lines = stripVTControlCharacters(messages.join("\n"))
    .trim()
    .split("\n")
    .map((line) => line.trimEnd().slice(0, MAX_LINE));
  const [first = "", ...more] = lines.filter((line) => line !== "").slice(0, MAX_LINES);
  return [`${what}: ${first}`, ...more.map((line) => `    ${line}`)].join("\n");
}

/** @returns {string[]} */
function failuresOfVitest({ testResults = [] }, /** @type {string} */ root) {
  return testResults.flatMap(({ name, status, message = "", assertionResults = [] }) => {
    const file = path.relative(root, name);
    const failed = assertionResults.filter((result) => result.status === "failed");
    const around = message !== "" || (failed.length === 0 && status === "failed") ? [reportOf(file, [message])] : [];
    return [
      ...around,
      ...failed.map(({ fullName, failureMessages = [] }) => reportOf(`${file} › ${fullName}`, failureMessages)),
    ];
  });
}

/** @returns {string[]} */
function failuresOfPlaywright({ file, title, suites = [], specs = [] }, /** @type {string[]} */ above = []) {
  const titles = title && title !== file ? [...above, title] : above;
  const own = specs.filter(({ ok }) => !ok);
  return [
    ...own.map((spec) => {
      const errors = spec.tests.flatMap(({ results }) => results.flatMap((result) => result.errors ?? []));
      return reportOf([spec.file, ...titles, spec.title].join(" › "), errors.map(said));
    }),
    ...suites.flatMap((suite) => failuresOfPlaywright(suite, titles)),
  ];
}

/** Playwright's messages have the comparison in them, the place beside them. */
function said({ message = "", location }) {
  return location ? `${message}\nat ${path.basename(location.file)}:${location.line}` : message;
}

/** What a machine could not run for want of a program, by name. @param {string} file a JSON report of vitest @param {string} root @returns {string[]} */
export function skippedIn(file, root) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return [];
  }
  return (report.testResults ?? []).flatMap(({ name, assertionResults = [] }) =>
    assertionResults
      .filter(({ status }) => ["skipped", "pending"].includes(status))
      .map(({ fullName }) => `${path.relative(root, name)} › ${fullName}`),
  );
}

/** @param {string} file a JSON report of vitest or Playwright @param {string} root @returns {string[]} */
export function failuresIn(file, root) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return [`${path.relative(root, file)}: no report was left`];
  }
  const outside = (report.errors ?? []).map((error) => reportOf("outside any test", [said(error)]));
  return [...outside, ...(report.testResults ? failuresOfVitest(report, root) : failuresOfPlaywright(report))];
}
