import "server-only";
import { defineDownload } from "@/lib/entry/download";
import { exportAuditLog } from "./export";
import { auditExportInput } from "./schema";

export const downloadAuditLog = defineDownload({
  permission: "auditLog.read",
  input: auditExportInput,
  run: exportAuditLog,
});
