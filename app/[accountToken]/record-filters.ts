import type { PickerOption } from "@/components/form/record-picker";
import { requirePermit } from "@/lib/entry/page";
import { findContactName } from "@/lib/contacts/queries";
import { findVehicleName } from "@/lib/vehicles/queries";

/** What a list's filter by vehicle is called; none is chosen where no id is. */
export async function vehicleFilter(accountToken: string, id: number | null): Promise<PickerOption | null> {
  if (id === null) return null;
  const permit = await requirePermit(accountToken, "vehicles.read");
  return { id, name: (await findVehicleName(permit, id)) ?? "Unknown" };
}

/** The same of a contact. */
export async function contactFilter(accountToken: string, id: number | null): Promise<PickerOption | null> {
  if (id === null) return null;
  const permit = await requirePermit(accountToken, "contacts.read");
  return { id, name: (await findContactName(permit, id)) ?? "Unknown" };
}
