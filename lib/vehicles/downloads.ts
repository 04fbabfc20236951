import "server-only";

import { defineDownload } from "@/lib/auth/define-download";
import { exportVehicles } from "./export";
import { vehicleExportInput } from "./schema";

export const downloadVehicles = defineDownload({
  permission: "vehicles.read",
  input: vehicleExportInput,
  run: exportVehicles,
});
