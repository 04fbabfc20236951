import { downloadMeterEntries } from "@/lib/meter-entries/downloads";

export const GET = downloadMeterEntries;
