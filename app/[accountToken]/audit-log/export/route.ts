import { downloadAuditLog } from "@/lib/audit-log/downloads";

export const GET = downloadAuditLog;
