import "server-only";

import { defineDownload } from "@/lib/entry/download";
import { exportVehicles } from "./export";
import { vehicleExportInput } from "./schema";

export const downloadVehicles = defineDownload({
  permission: "vehicles.read",
  input: vehicleExportInput,
  run: exportVehicles,
});
