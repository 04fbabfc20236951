"use client";

import type { ArchivableRow } from "@/components/record/archivable-verbs";
import { useVehicleVerbs } from "./vehicle-verbs";

export function VehiclePageActions({ accountToken, vehicle }: { accountToken: string; vehicle: ArchivableRow }) {
  const { pageActions, dialog } = useVehicleVerbs(accountToken, "page");
  return (
    <>
      {pageActions(vehicle)}
      {dialog}
    </>
  );
}
