import { z } from "zod";

import { idShape, instantShape } from "@/lib/platform/output-fields";

export interface FuelTypeRecord {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const fuelTypeShape = z.strictObject({
  id: idShape(),
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  name: z.string(),
});

export function presentFuelType(type: FuelTypeRecord): z.infer<typeof fuelTypeShape> {
  return {
    id: type.id,
    account_id: type.accountId,
    created_at: type.createdAt.toISOString(),
    updated_at: type.updatedAt.toISOString(),
    name: type.name,
  };
}
