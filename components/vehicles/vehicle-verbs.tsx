"use client";

import { useArchivableVerbs, type ArchivableRow } from "@/components/record/archivable-verbs";
import { archiveVehicleAction, deleteVehicleAction, restoreVehicleAction } from "@/lib/vehicles/actions";

const ACTS = { archive: archiveVehicleAction, restore: restoreVehicleAction, delete: deleteVehicleAction };
const CONSEQUENCES = {
  archive:
    "It leaves the list of current vehicles; its assignments and entries are kept. You can restore it at any time.",
  restore: "It comes back to the list of current vehicles with everything it had.",
  delete:
    "It is gone for good. Only a vehicle without assignments and entries can be deleted; archive one that has a history.",
};

export function useVehicleVerbs(accountToken: string, where: "list" | "page") {
  return useArchivableVerbs({ accountToken, noun: "vehicle", acts: ACTS, consequences: CONSEQUENCES }, where);
}

/** On a vehicle's own page. */
export function VehiclePageActions({ accountToken, vehicle }: { accountToken: string; vehicle: ArchivableRow }) {
  const { pageActions, dialog } = useVehicleVerbs(accountToken, "page");
  return (
    <>
      {pageActions(vehicle)}
      {dialog}
    </>
  );
}
