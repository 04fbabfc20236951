"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

import { FormError } from "@/components/form/form-error";
import { useKept } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { Button } from "@/components/ui/button";
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

/** What was chosen before a reload, where the fields still are such. */
function columnsKept(
  kept: Partial<Pick<ImportPage, "columns">>,
  { columns, fields }: ImportPage,
): ImportPage["columns"] {
  const chosen = kept.columns ?? columns;
  return columns.map((_, at) => fields.find(({ name }) => name === chosen[at])?.name ?? null);
}

/** How each column is read; then the import begins. */
export function ColumnChoices({ accountToken, found }: ColumnChoicesProps) {
  const router = useRouter();
  const { id, record, headers, fields, rowCount } = found;
  const [columns, setColumns] = useState(found.columns);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<readonly string[]>([]);
  useKept(
    `columns of import ${id}`,
    () => ({ columns }),
    (kept) => setColumns(columnsKept(kept, found)),
  );
  const missing = fields.filter(({ name, required }) => required && !columns.includes(name));
  const choose = (index: number, name: string) =>
    setColumns(columns.map((column, at) => (at === index ? (name === LEFT_OUT ? null : name) : column)));
  const start = async () => {
    setBusy(true);
    setRefused([]);
    const answer = await startImportAction(accountToken, { id, columns: [...columns] }).catch(noAnswer);
    setBusy(false);
    if (answer?.ok) return router.refresh();
    const message = answer?.error.message ?? "The answer did not arrive. Reload the page to see whether it began.";
    setRefused(answer?.error.fields.columns ?? [message]);
  };
  return (
    <div className="grid max-w-[720px] gap-4">
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
            <Select
              id={`column-${index}`}
              value={columns[index] ?? LEFT_OUT}
              onChange={(event) => choose(index, event.currentTarget.value)}
            >
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
      <FormError>{refused.length > 0 && refused.map((sentence) => <p key={sentence}>{sentence}</p>)}</FormError>
      <p className="text-text-2">
        Each row becomes a new record. A row that cannot be added is named and left out; records that are there already
        are not changed.
      </p>
      <div>
        <Button variant="primary" busy={busy} onClick={() => void start()}>
          Import {countOf(rowCount, record)}
        </Button>
      </div>
    </div>
  );
}
