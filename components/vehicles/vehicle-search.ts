import type { PickerSearch } from "@/components/form/record-picker";
import { searchVehiclesAction } from "@/lib/vehicles/actions";

/** Finds the account's vehicles for a picker. */
export function searchVehicles(accountToken: string): PickerSearch {
  return async (q) => {
    const answer = await searchVehiclesAction(accountToken, { q });
    return answer.ok ? answer.value : null;
  };
}
