"use client";

import { Archive, ArchiveRestore, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";

import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { archiveVehicleAction, deleteVehicleAction, restoreVehicleAction } from "@/lib/vehicles/actions";
import type { VehicleVerb } from "@/lib/vehicles/policy";

export interface VerbVehicle {
  readonly id: number;
  readonly name: string;
  readonly verbs: readonly VehicleVerb[];
}

function vehicleVerbLooks(accountToken: string, onDeleted: () => void): VerbLooks<VehicleVerb, VerbVehicle> {
  return {
    edit: {
      kind: "link",
      label: "Edit",
      icon: Pencil,
      href: (row) => `/${accountToken}/vehicles/${row.id}/edit`,
    },
    archive: {
      kind: "confirm",
      label: "Archive",
      icon: Archive,
      ask: (row) => ({
        title: `Archive “${row.name}”?`,
        consequence:
          "It leaves the list of current vehicles; its assignments and entries are kept. You can restore it at any time.",
        confirmLabel: "Archive vehicle",
        cancelLabel: "Keep vehicle",
        perform: () =>
          outcomeOf(archiveVehicleAction(accountToken, { id: row.id }), () => ({
            title: `“${row.name}” archived`,
            description: "It stands among the archived vehicles.",
          })),
      }),
    },
    restore: {
      kind: "confirm",
      label: "Restore",
      icon: ArchiveRestore,
      ask: (row) => ({
        title: `Restore “${row.name}”?`,
        consequence: "It comes back to the list of current vehicles with everything it had.",
        confirmLabel: "Restore vehicle",
        cancelLabel: "Cancel",
        perform: () =>
          outcomeOf(restoreVehicleAction(accountToken, { id: row.id }), () => ({
            title: `“${row.name}” restored`,
            description: "It is a current vehicle again.",
          })),
      }),
    },
    delete: {
      kind: "confirm",
      label: "Delete",
      icon: Trash2,
      tone: "danger",
      ask: (row) => ({
        title: `Delete “${row.name}”?`,
        consequence:
          "It is gone for good. Only a vehicle without assignments and entries can be deleted; archive one that has a history.",
        confirmLabel: "Delete vehicle",
        cancelLabel: "Keep vehicle",
        perform: () =>
          outcomeOf(deleteVehicleAction(accountToken, { id: row.id }), () => ({ title: `“${row.name}” deleted` })),
      }),
      onDone: onDeleted,
    },
  };
}

export function useVehicleVerbs(accountToken: string, where: "list" | "page") {
  const router = useRouter();
  const onDeleted = () => (where === "list" ? router.refresh() : router.replace(`/${accountToken}/vehicles`));
  return useVerbs(vehicleVerbLooks(accountToken, onDeleted));
}
