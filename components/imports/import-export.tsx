import { Upload } from "lucide-react";

import { ExportLink, fileHref } from "@/components/data-table/export-link";
import { ButtonLink } from "@/components/ui/button";
import { importedResource, type ImportedRecord } from "@/lib/resources";

export interface ImportExportProps {
  readonly accountToken: string;
  readonly record: ImportedRecord;
  /** Search and filters at hand. */
  readonly filters: Readonly<Record<string, string | number | null>>;
  /** There is nothing that could stand in a file. */
  readonly isEmpty: boolean;
}

/** In the head of a list: records from a file, and the list as a file. */
export function ImportExport({ accountToken, record, filters, isEmpty }: ImportExportProps) {
  const { page, many } = importedResource(record);
  const narrowed = Object.values(filters).some((value) => value !== null && value !== "");
  return (
    <div className="flex gap-2 max-sm:*:flex-1">
      <ButtonLink
        href={`/${accountToken}/imports/new?record=${record}`}
        title={`Adds ${many} from a CSV file`}
        icon={<Upload aria-hidden size={16} strokeWidth={1.75} />}
      >
        Import
      </ButtonLink>
      {!isEmpty && (
        <ExportLink
          href={fileHref(`/${accountToken}/${page}/export`, filters)}
          title={
            narrowed
              ? `Exports the ${many} that search and filters leave, on all pages, as CSV`
              : `Exports all these ${many} as CSV`
          }
        >
          Export
        </ExportLink>
      )}
    </div>
  );
}
