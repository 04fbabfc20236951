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

export function presentVehicleStatus(status: VehicleStatusRecord) {
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
