import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Renders a form, or fields outside of one, by itself: why that is none that acts. */
const NO_ACTION_FORM: Readonly<Record<string, string>> = {
  "components/api-keys/try-request.tsx": "asks the public API with a token, which is never kept",
  "components/audit-log/audit-filter-fields.tsx": "a filter: what is chosen stands in the address",
  "components/imports/upload-form.tsx": "sends a file, which no tab can keep",
  "components/integration-credentials/authenticate.tsx": "chooses among those that are there: nothing is sent",
  "components/sessions/end-session.tsx": "a button: works without script",
  "components/shell/account-switcher.tsx": "a search: finds an account among those that are there",
  "components/shell/user-menu.tsx": "a button: works without script",
  "components/sign-in/sign-in-form.tsx": "is sent once the script comes, by whoever was faster",
  "components/sign-in/sign-in-link-form.tsx": "a button: works without script",
  "components/webhooks/redeliver-failed-dialog.tsx": "two choices that say how many it would be, sent lot by lot",
};
/** The controls themselves, and those that stand in the frames of lists and forms. */
const CONTROLS = /^components\/(ui|form|data-table)\//;
/** Only pass on what a field hands to them. */
const PASSED_ON = ["components/api-keys/version-select.tsx"];

const CONTROL = /<(Input|TextArea|Select|Checkbox|CheckboxRow|Radio|RecordPicker|input|select|textarea)\b/;
/** Fields of a form that a component made, or was given. */
const FIELDS = /<(Field|CheckboxGroup|RadioCards|RecordFields|PlanCards|ChosenCustomers|RoleFields)\b/;

const SOURCES = ["components", "app"]
  .flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  .map((file) => ({
    file,
    text: readFileSync(path.join(ROOT, file), "utf8").replaceAll(/^\s*(\/\*\*|\*|\/\/).*$/gm, ""),
  }));

const filesWith = (pattern: RegExp) => SOURCES.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
const mayStand = (file: string) => file in NO_ACTION_FORM || CONTROLS.test(file) || PASSED_ON.includes(file);

describe("every form that acts goes through useActionForm", () => {
  it("which alone makes a form", () =>
    expect(filesWith(/\buseForm\b(?!Return)/)).toEqual(["components/record/use-action-form.ts"]));

  it("stands in the one frame of a dialog or of a page", () =>
    expect(filesWith(/<form\b/).filter((file) => !(file in NO_ACTION_FORM))).toEqual([
      "components/record/dialog-form.tsx",
      "components/record/page-form.tsx",
    ]));

  it("and has no field that its form does not know", () => {
    const strays = SOURCES.filter(({ file, text }) => {
      const isKnown = /\bUseFormReturn\b|\bRecordFormState\b|\buseActionForm\(|\buseRecordForm\(/.test(text);
      return (CONTROL.test(text) || FIELDS.test(text)) && !isKnown && !mayStand(file);
    });
    expect(strays.map(({ file }) => file)).toEqual([]);
  });

  it("says nothing of its own of an answer that did not arrive, and places no error itself", () => {
    const own = SOURCES.filter(({ text }) => /\buseActionForm\(|\buseRecordForm\(/.test(text)).filter(
      ({ file, text }) =>
        file !== "components/record/use-action-form.ts" &&
        /did not arrive|noAnswer|\.setError\(|\.path\.join\(/.test(text),
    );
    expect(own.map(({ file }) => file)).toEqual([]);
  });

  it("of those that are none, each is there", () =>
    expect(Object.keys(NO_ACTION_FORM).filter((file) => !SOURCES.some((source) => source.file === file))).toEqual([]));
});
