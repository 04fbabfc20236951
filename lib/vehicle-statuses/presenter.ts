import { z } from "zod";

import { countShape, idShape, instantShape } from "@/lib/platform/output-fields";

export interface VehicleStatusRecord {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly color: string;
  readonly position: number;
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const vehicleStatusShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  name: z.string(),
  color: z.string(),
  position: countShape(),
  default: z.boolean(),
});

export function presentVehicleStatus(status: VehicleStatusRecord): z.infer<typeof vehicleStatusShape> {
  return {
    id: status.id,
    account_id: status.accountId,
    created_at: status.createdAt.toISOString(),
    updated_at: status.updatedAt.toISOString(),
    name: status.name,
    color: status.color,
    position: status.position,
    default: status.isDefault,
  };
}
