import { Download } from "lucide-react";

import { Breadcrumb } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";
import { buttonLook } from "@/components/ui/button-look";
import { NavigationProvider } from "@/components/ui/navigation";
import { Notice } from "@/components/ui/notice";
import type { ImportPage } from "@/lib/imports/queries";
import type { ImportPageQuery } from "@/lib/imports/schema";
import { ColumnChoices } from "./column-choices";
import { ImportProgress } from "./import-progress";
import { ImportReport } from "./import-report";
import { ImportStatusBadge } from "./import-status-badge";
import { importedResource } from "@/lib/resources";
import { countOf } from "./record-words";

export interface ImportViewProps {
  readonly accountToken: string;
  readonly query: ImportPageQuery;
  readonly found: ImportPage;
}

export function ImportView({ accountToken, query, found }: ImportViewProps) {
  const { id, record, fileName, status, rowCount, stoppedBecause } = found;
  const { many, title: list, page } = importedResource(record);
  const back = <Breadcrumb href={`/${accountToken}/${page}`}>{list}</Breadcrumb>;
  if (status === "uploaded") {
    return (
      <>
        {back}
        <PageHead
          title={`Import ${many}`}
          purpose={`${fileName} has ${rowCount.toLocaleString("en-US")} ${rowCount === 1 ? "row" : "rows"}. Look at how its columns are read; nothing is added yet.`}
        />
        <ColumnChoices accountToken={accountToken} found={found} />
      </>
    );
  }
  return (
    <>
      {back}
      <PageHead
        title={
          <span className="flex flex-wrap items-center gap-3">
            {fileName} <ImportStatusBadge status={status} />
          </span>
        }
        purpose={`Import of ${countOf(rowCount, record)}, started by ${found.by}.`}
        action={
          <a href={`/${accountToken}/imports/report?id=${id}`} download className={buttonLook()}>
            <Download aria-hidden size={16} strokeWidth={1.75} />
            Download report
          </a>
        }
      />
      <div className="mb-6 grid gap-4">
        <ImportProgress found={found} />
        {stoppedBecause !== null && <Notice tone="bad">{stoppedBecause}</Notice>}
      </div>
      <NavigationProvider>
        <ImportReport query={query} found={found} />
      </NavigationProvider>
    </>
  );
}
