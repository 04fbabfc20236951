import { downloadImportReport } from "@/lib/imports/downloads";

export const GET = downloadImportReport;
