import "server-only";

import { defineDownload } from "@/lib/entry/download";
import { exportImportReport } from "./export-import-report";
import { reportInput } from "./schema";

export const downloadImportReport = defineDownload({
  permission: "imports.manage",
  input: reportInput,
  run: exportImportReport,
});
