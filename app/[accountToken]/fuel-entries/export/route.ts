import { downloadFuelEntries } from "@/lib/fuel-entries/downloads";

export const GET = downloadFuelEntries;
