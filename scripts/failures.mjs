// What failed, a line each, from the JSON reports of vitest and Playwright: at the end of a run of an hour nobody scrolls back.
import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const MAX_MESSAGE = 300;

/** @param {string | undefined} message */
function firstLine(message = "") {
  const plain = stripVTControlCharacters(message).trim();
  return (plain.split("\n")[0] ?? "").slice(0, MAX_MESSAGE);
}

/** @returns {string[]} */
function failuresOfVitest({ testResults = [] }, /** @type {string} */ root) {
  return testResults.flatMap(({ name, status, message, assertionResults = [] }) => {
    const file = path.relative(root, name);
    const failed = assertionResults.filter((result) => result.status === "failed");
    if (failed.length === 0 && status === "failed") return [`${file}: ${firstLine(message)}`];
    return failed.map(({ fullName, failureMessages }) => `${file} › ${fullName}: ${firstLine(failureMessages?.[0])}`);
  });
}

/** @returns {string[]} */
function failuresOfPlaywright({ file, title, suites = [], specs = [] }, /** @type {string[]} */ above = []) {
  const titles = title && title !== file ? [...above, title] : above;
  const own = specs.filter(({ ok }) => !ok);
  return [
    ...own.map((spec) => {
      const errors = spec.tests.flatMap(({ results }) => results.flatMap((result) => result.errors ?? []));
      return `${[spec.file, ...titles, spec.title].join(" › ")}: ${firstLine(errors[0]?.message)}`;
    }),
    ...suites.flatMap((suite) => failuresOfPlaywright(suite, titles)),
  ];
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
  const outside = (report.errors ?? []).map(({ message }) => `outside any test: ${firstLine(message)}`);
  return [...outside, ...(report.testResults ? failuresOfVitest(report, root) : failuresOfPlaywright(report))];
}
