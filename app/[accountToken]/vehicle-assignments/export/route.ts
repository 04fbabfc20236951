import { downloadAssignments } from "@/lib/vehicle-assignments/downloads";

export const GET = downloadAssignments;
