"use client";

import { useRouter } from "next/navigation";
import { useWatch } from "react-hook-form";

import { SubmitButton } from "@/components/form/submit-button";
import { PageForm } from "@/components/record/page-form";
import { useActionForm } from "@/components/record/use-action-form";
import { Select } from "@/components/ui/select";
import { startImportAction } from "@/lib/imports/actions";
import type { ImportPage } from "@/lib/imports/queries";
import { countOf } from "./record-words";

interface ColumnChoicesProps {
  readonly accountToken: string;
  readonly found: ImportPage;
}

const LEFT_OUT = "";

/** What of the first rows stands in a column. */
function SampleOf({ found, index }: { found: ImportPage; index: number }) {
  const cells = found.samples.map((row) => row[index] ?? "").filter((cell) => cell !== "");
  return <span className="block truncate text-12 text-text-3">{cells.join(" · ") || "Empty in the first rows"}</span>;
}

/** How each column is read; then the import begins. */
export function ColumnChoices({ accountToken, found }: ColumnChoicesProps) {
  const router = useRouter();
  const { id, record, headers, fields, rowCount } = found;
  const state = useActionForm({
    name: `columns of import ${id}`,
    values: { columns: found.columns.map((column) => column ?? LEFT_OUT) },
    toInput: ({ columns }) => ({ id, columns: columns.map((name) => (name === LEFT_OUT ? null : name)) }),
    action: (input, submissionId) => startImportAction(accountToken, input, submissionId),
    fieldOf: () => undefined,
    say: ({ fields: { columns } }) => columns?.map((sentence) => <p key={sentence}>{sentence}</p>),
    onDone: () => router.refresh(),
  });
  const chosen = useWatch({ control: state.form.control, name: "columns" });
  const missing = fields.filter(({ name, required }) => required && !chosen.includes(name));
  return (
    <PageForm
      className="grid max-w-[720px] gap-4"
      state={state}
      footer={
        <>
          <p className="text-text-2">
            Each row becomes a new record. A row that cannot be added is named and left out; records that are there
            already are not changed.
          </p>
          <div>
            <SubmitButton busy={state.busy}>Import {countOf(rowCount, record)}</SubmitButton>
          </div>
        </>
      }
    >
      <ul aria-label="Columns">
        {headers.map((header, index) => (
          <li
            key={`${index}-${header}`}
            className="grid items-center gap-x-6 gap-y-1.5 border-b border-line py-2 sm:grid-cols-2"
          >
            <label htmlFor={`column-${index}`} className="min-w-0">
              <span className="block font-medium wrap-anywhere">{header || `Column ${index + 1}`}</span>
              <SampleOf found={found} index={index} />
            </label>
            <Select id={`column-${index}`} {...state.form.register(`columns.${index}`)}>
              <option value={LEFT_OUT}>Not imported</option>
              {fields.map(({ name, label, required }) => (
                <option key={name} value={name}>
                  {required ? `${label} (required)` : label}
                </option>
              ))}
            </Select>
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <p className="text-text-2">
          Still missing: {missing.map(({ label }) => label).join(", ")}. Choose the columns that hold them.
        </p>
      )}
    </PageForm>
  );
}
