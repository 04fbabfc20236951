"use client";

import type { PickerOption } from "@/components/form/record-picker";
import { RecordDialog } from "@/components/record/record-dialog";
import { sending } from "@/components/record/use-record-form";
import { searchContacts } from "@/components/contacts/contact-search";
import { Link } from "@/components/ui/link";
import { searchVehicles } from "@/components/vehicles/vehicle-search";
import { formatInstant } from "@/components/ui/time-format";
import { onDemand } from "@/components/ui/on-demand";
import type { ActionResult } from "@/lib/entry/action";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import type { RecordInTheWay } from "@/lib/platform/errors";
import { createVehicleAssignmentAction, editVehicleAssignmentAction } from "@/lib/vehicle-assignments/actions";
import type { AssignmentRow } from "@/lib/vehicle-assignments/list-assignment-rows";
import { assignmentEntered, assignmentFields, assignmentValues } from "./assignment-fields";

const schemas = onDemand(() => import("@/lib/vehicle-assignments/schema"));

export interface AssignmentFormProps {
  readonly accountToken: string;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Null = a new one. */
  readonly row: AssignmentRow | null;
  /** Of a new one: chosen from the start. */
  readonly vehicle?: PickerOption | null;
  readonly contact?: PickerOption | null;
  readonly onClose: () => void;
}

function sayTime(instant: string): string {
  return formatInstant(new Date(instant), undefined);
}

/** Names the assignment that has the vehicle at that time, and leads to it. */
function InTheWay({ accountToken, record }: { accountToken: string; record: RecordInTheWay }) {
  const from = record.from === null ? "from the beginning" : `from ${sayTime(record.from)}`;
  const until = record.until === null ? "without an end" : `until ${sayTime(record.until)}`;
  return (
    <>
      A vehicle has one assignment at a time.{" "}
      <Link href={`/${accountToken}/vehicle-assignments/${record.id}`} className="font-medium underline">
        {record.name}
      </Link>{" "}
      is in the way, {from}, {until}. Nothing was saved; choose another time, or end that assignment first.
    </>
  );
}

/** A clash is told once, in the banner that names the other; the field only says that it is meant. */
async function wordingClash<T>(answering: Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  const answer = await answering;
  if (answer.ok || answer.error.inTheWay === undefined) return answer;
  return {
    ok: false,
    error: { ...answer.error, fields: { started_at: ["overlaps another assignment of this vehicle"] } },
  };
}

export function AssignmentForm({ accountToken, definitions, row, onClose, ...given }: AssignmentFormProps) {
  const chosen = { vehicle: row?.vehicle ?? given.vehicle ?? null, contact: row?.contact ?? given.contact ?? null };
  const pickers = { vehicles: searchVehicles(accountToken), contacts: searchContacts(accountToken) };
  const fields = assignmentFields(pickers, chosen, definitions);
  const [title, done] = row === null ? ["Assign driver", "Driver assigned"] : ["Edit assignment", "Assignment saved"];
  return (
    <RecordDialog
      title={title}
      saveLabel={row === null ? title : "Save"}
      done={done}
      keptAs={`${title} ${row?.id ?? ""}`}
      schemas={schemas}
      fields={fields}
      values={assignmentValues(row, chosen, definitions)}
      sayInTheWay={(record: RecordInTheWay) => <InTheWay accountToken={accountToken} record={record} />}
      prepare={(entered, changed) =>
        row === null
          ? sending(
              schemas,
              (given) => given.addVehicleAssignmentInput,
              assignmentEntered(entered, definitions),
              (input, submissionId) => wordingClash(createVehicleAssignmentAction(accountToken, input, submissionId)),
            )
          : sending(
              schemas,
              (given) => given.editVehicleAssignmentInput,
              { id: row.id, ...assignmentEntered(changed, definitions) },
              (input) => wordingClash(editVehicleAssignmentAction(accountToken, input)),
            )
      }
      onClose={onClose}
    />
  );
}
