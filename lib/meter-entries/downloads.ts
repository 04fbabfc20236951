import "server-only";

import { defineDownload } from "@/lib/entry/download";
import { exportMeterEntries } from "./export";
import { meterEntryExportInput } from "./schema";

export const downloadMeterEntries = defineDownload({
  permission: "meterEntries.read",
  input: meterEntryExportInput,
  run: exportMeterEntries,
});
