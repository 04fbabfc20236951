import { downloadVehicles } from "@/lib/vehicles/downloads";

export const GET = downloadVehicles;
