export { downloadAuditLog as GET } from "@/lib/audit-log/downloads";
