import { writeFileSync } from "node:fs";
import path from "node:path";

/** @typedef {import("vitest").TestError} TestError */

/**
 * The JSON reporter of vitest leaves out what a comparison found, what an error was caused by, what failed around the tests
 * and what failed outside of any: this one says all of it, in the same form, to the file that `--outputFile` names.
 */
export default class Report {
  /** @param {import("vitest/node").Vitest} vitest */
  onInit({ config }) {
    this.root = config.root;
    this.file = String(config.outputFile);
  }

  /** @param {readonly import("vitest/node").TestModule[]} modules @param {readonly import("vitest").SerializedError[]} outside */
  onTestRunEnd(modules, outside) {
    const testResults = modules.map((module) => this.#resultsOf(module));
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    const count = (/** @type {string} */ state) => all.filter(({ status }) => status === state).length;
    const errors = outside.map((error) => ({ message: this.#whole(error) }));
    const counts = { numPassedTests: count("passed"), numFailedTests: count("failed") };
    writeFileSync(this.file, JSON.stringify({ ...counts, errors, testResults }));
  }

  /** @param {import("vitest/node").TestModule} module */
  #resultsOf(module) {
    const around = [module, ...module.children.allSuites()].flatMap((group) => group.errors());
    const { duration } = module.diagnostic();
    return {
      name: module.moduleId,
      status: module.ok() ? "passed" : "failed",
      message: around.map((error) => this.#whole(error)).join("\n"),
      duration,
      assertionResults: [...module.children.allTests()].map((test) => ({
        fullName: test.fullName.replaceAll(" > ", " › "),
        status: test.result().state,
        duration: test.diagnostic()?.duration,
        failureMessages: (test.result().errors ?? []).map((error) => this.#whole(error)),
      })),
    };
  }

  /** @param {Partial<TestError>} error @returns {string} */
  #whole({ name = "Error", message = "", diff, stacks = [], cause }) {
    const places = stacks.map(({ file, line }) => `at ${path.relative(this.root, file)}:${line}`);
    const reason = cause ? [`caused by ${this.#whole(/** @type {Partial<TestError>} */ (cause))}`] : [];
    // The reporter of the console, which prints before, writes its words into the name of a cause.
    const said = `${name.replace(/^Caused by: /, "")}: ${message}`;
    return [said, ...(diff ? [diff] : []), ...places, ...reason].join("\n");
  }
}
