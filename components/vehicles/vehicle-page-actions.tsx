"use client";

import { useVehicleVerbs, type VerbVehicle } from "./vehicle-verbs";

export function VehiclePageActions({ accountToken, vehicle }: { accountToken: string; vehicle: VerbVehicle }) {
  const { pageActions, dialog } = useVehicleVerbs(accountToken, "page");
  return (
    <>
      {pageActions(vehicle)}
      {dialog}
    </>
  );
}
