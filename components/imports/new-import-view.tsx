import { Breadcrumb } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { ImportField } from "@/lib/imports/import-fields";
import type { ImportSummary } from "@/lib/imports/queries";
import { ImportStatusBadge } from "./import-status-badge";
import { importedResource, type ImportedRecord } from "@/lib/resources";
import { countOf } from "./record-words";
import { UploadForm } from "./upload-form";

export interface NewImportViewProps {
  readonly accountToken: string;
  readonly record: ImportedRecord;
  readonly fields: readonly ImportField[];
  readonly latest: readonly ImportSummary[];
  readonly now: string;
}

/** How a cell is written where that is not plain. */
const CELL_HINTS: Readonly<Partial<Record<ImportField["kind"], string>>> = {
  truth: "yes or no",
  list: "several with ; between",
};

export function NewImportView({ accountToken, record, fields, latest, now }: NewImportViewProps) {
  const { many, title: list, page } = importedResource(record);
  return (
    <>
      <Breadcrumb href={`/${accountToken}/${page}`}>{list}</Breadcrumb>
      <PageHead
        title={`Import ${many}`}
        purpose="From a CSV file whose first row names the columns. You see how they are read before anything is added."
      />
      <div className="grid max-w-[720px] gap-8">
        <UploadForm accountToken={accountToken} record={record} />
        <section aria-labelledby="columns">
          <h2 id="columns" className="border-b border-line pb-2 text-16 font-semibold">
            Columns that are understood
          </h2>
          <p className="mt-2 text-text-2">
            Head each column with the bold name, or with the API’s beneath it, in any order. What a column with another
            heading holds, you say after the upload. Dates such as 2026-11-22.
          </p>
          <ul className="mt-2 grid gap-x-6 sm:grid-cols-2">
            {fields.map(({ name, label, required, kind }) => (
              <li key={name} className="flex min-w-0 items-baseline gap-x-3 border-b border-line py-1.5">
                <span className="min-w-0">
                  <span className="block font-medium wrap-anywhere">{label}</span>
                  <code className="block font-mono text-12 wrap-anywhere text-text-3">{name}</code>
                </span>
                <span className="ml-auto flex-none text-right text-12 text-text-2">
                  {[required && "Required", CELL_HINTS[kind]].filter(Boolean).join(", ")}
                </span>
              </li>
            ))}
          </ul>
        </section>
        {latest.length > 0 && <LatestImports accountToken={accountToken} latest={latest} now={now} />}
      </div>
    </>
  );
}

function LatestImports({ accountToken, latest, now }: Pick<NewImportViewProps, "accountToken" | "latest" | "now">) {
  return (
    <section aria-labelledby="latest">
      <h2 id="latest" className="border-b border-line pb-2 text-16 font-semibold">
        Latest imports
      </h2>
      <ul>
        {latest.map(({ id, fileName, status, record, addedCount, refusedCount, by, at }) => (
          <li
            key={id}
            className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-2"
          >
            <span className="min-w-0">
              <Link
                href={`/${accountToken}/imports/${id}`}
                className="inline-flex min-h-control items-center font-medium wrap-anywhere underline decoration-line-strong underline-offset-4 hover:decoration-current"
              >
                {fileName}
              </Link>
              <span className="block text-12 text-text-3">
                {countOf(addedCount, record)} added, {refusedCount.toLocaleString("en-US")} refused, by {by},{" "}
                <Time value={at} style="relative" now={now} />
              </span>
            </span>
            <ImportStatusBadge status={status} />
          </li>
        ))}
      </ul>
    </section>
  );
}
