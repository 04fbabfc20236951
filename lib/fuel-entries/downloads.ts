import "server-only";

import { defineDownload } from "@/lib/auth/define-download";
import { exportFuelEntries } from "./export";
import { fuelEntryExportInput } from "./schema";

export const downloadFuelEntries = defineDownload({
  permission: "fuelEntries.read",
  input: fuelEntryExportInput,
  run: exportFuelEntries,
});
