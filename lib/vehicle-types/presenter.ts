import { z } from "zod";

import { idShape, instantShape } from "@/lib/platform/output-fields";

export interface VehicleTypeRecord {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const vehicleTypeShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  name: z.string(),
  default: z.boolean(),
});

export function presentVehicleType(type: VehicleTypeRecord): z.infer<typeof vehicleTypeShape> {
  return {
    id: type.id,
    account_id: type.accountId,
    created_at: type.createdAt.toISOString(),
    updated_at: type.updatedAt.toISOString(),
    name: type.name,
    default: type.isDefault,
  };
}
