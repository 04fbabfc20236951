import "server-only";

import { defineDownload } from "@/lib/entry/download";
import { exportFuelEntries } from "./export";
import { fuelEntryExportInput } from "./schema";

export const downloadFuelEntries = defineDownload({
  permission: "fuelEntries.read",
  input: fuelEntryExportInput,
  run: exportFuelEntries,
});
