import "server-only";

import { defineDownload } from "@/lib/entry/download";
import { exportAssignments } from "./export";
import { assignmentExportInput } from "./schema";

export const downloadAssignments = defineDownload({
  permission: "vehicleAssignments.read",
  input: assignmentExportInput,
  run: exportAssignments,
});
