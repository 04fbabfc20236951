import "server-only";
import { defineDownload } from "@/lib/auth/define-download";
import { exportAuditLog } from "./export";
import { auditExportInput } from "./schema";

export const downloadAuditLog = defineDownload({
  permission: "auditLog.read",
  input: auditExportInput,
  run: exportAuditLog,
});
