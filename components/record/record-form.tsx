"use client";

import { PageForm } from "@/components/record/page-form";
import { DISCARDS } from "@/components/form/leaving";
import { SubmitButton } from "@/components/form/submit-button";
import type { FieldSection } from "@/components/record/field-spec";
import { RecordFields } from "@/components/record/record-fields";
import type { RecordFormState } from "@/components/record/use-record-form";
import { ButtonLink } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";

export type RecordFormProps = {
  state: RecordFormState;
  sections: readonly FieldSection[];
  saveLabel: string;
  cancelHref: string;
};

/** Whoever tabs on sees where he is: the buttons stay at the bottom of the screen. */
const CLEAR_OF_BUTTONS =
  "[&_:is(input,select,textarea)]:scroll-mb-20 max-sm:[&_:is(input,select,textarea)]:scroll-mb-36";

/** The form of a record with many fields, section by section: a page of its own. */
export function RecordForm({ state, sections, saveLabel, cancelHref }: RecordFormProps) {
  const { form, wake, busy } = state;
  return (
    <PageForm
      state={state}
      className={cx("max-w-[960px]", CLEAR_OF_BUTTONS)}
      onFocus={wake}
      footer={
        <div className="sticky bottom-0 z-10 mt-2 flex justify-end gap-2 border-t border-line bg-bg py-3 max-sm:flex-col-reverse max-sm:*:w-full">
          <ButtonLink href={cancelHref} {...DISCARDS}>
            Cancel
          </ButtonLink>
          <SubmitButton busy={busy}>{saveLabel}</SubmitButton>
        </div>
      }
    >
      {sections.map(({ title, hint, fields }, at) => (
        <fieldset
          key={title}
          aria-describedby={hint === undefined ? undefined : `section-${at}-hint`}
          className="min-w-0 border-t border-line py-6 first:border-t-0 first:pt-0 lg:grid lg:grid-cols-[220px_minmax(0,1fr)] lg:gap-x-8"
        >
          <legend className="mb-4 text-16 font-semibold lg:float-left lg:mb-0 lg:w-[220px]">{title}</legend>
          {hint !== undefined && (
            <p id={`section-${at}-hint`} className="mb-4 text-text-2 lg:col-start-1">
              {hint}
            </p>
          )}
          <div className="lg:col-start-2">
            <RecordFields form={form} fields={fields} />
          </div>
        </fieldset>
      ))}
    </PageForm>
  );
}
