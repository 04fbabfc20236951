export interface VehicleTypeRecord {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly isDefault: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function presentVehicleType(type: VehicleTypeRecord) {
  return {
    id: type.id,
    account_id: type.accountId,
    created_at: type.createdAt.toISOString(),
    updated_at: type.updatedAt.toISOString(),
    name: type.name,
    default: type.isDefault,
  };
}
