"use client";

import { useEffect, useState } from "react";

import { noAnswer } from "@/components/form/no-answer";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toaster";
import { countCustomFieldValuesAction, deleteCustomFieldAction } from "@/lib/custom-fields/actions";
import type { CustomFieldRow } from "@/lib/custom-fields/queries";
import { customisedResource } from "@/lib/resources";

const NO_ANSWER = "The answer did not arrive. Reload the page to see whether it was done.";

interface DeleteCustomFieldDialogProps {
  readonly accountToken: string;
  readonly field: CustomFieldRow;
  readonly onClose: () => void;
}

function valuesIn(count: number, { recordType }: CustomFieldRow): string {
  const { one, many } = customisedResource(recordType);
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

function Consequence({ field, count }: { field: CustomFieldRow; count: number | null }) {
  const isGone = "The field leaves every form, import and answer of the API at once.";
  if (count === null) return <>{isGone} Counting the values that go with it…</>;
  return (
    <>
      {isGone}{" "}
      {count === 0 ? (
        "No record holds a value of it."
      ) : (
        <>
          <strong className="font-medium text-text">The values of {valuesIn(count, field)} go with it</strong>, and
          cannot be brought back.
        </>
      )}{" "}
      Integrations that write <code className="font-mono text-12">{field.key}</code> will be refused.
    </>
  );
}

export function DeleteCustomFieldDialog({ accountToken, field, onClose }: DeleteCustomFieldDialogProps) {
  const [count, setCount] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    void countCustomFieldValuesAction(accountToken, { id: field.id })
      .catch(noAnswer)
      .then((answer) => {
        if (!isShown) return;
        if (answer?.ok) setCount(answer.value.count);
        else setError(answer?.error.message ?? "The values could not be counted. Close this and try again.");
      });
    return () => {
      isShown = false;
    };
  }, [accountToken, field.id]);
  const perform = async () => {
    // Who was not told how much goes deletes nothing.
    if (count === null) return;
    setBusy(true);
    const answer = await deleteCustomFieldAction(accountToken, { id: field.id }).catch(noAnswer);
    setBusy(false);
    if (!answer?.ok) return setError(answer?.error.message ?? NO_ANSWER);
    const gone = answer.value.count;
    toast({
      title: `“${answer.value.label}” deleted`,
      description: gone === 0 ? undefined : `Its values in ${valuesIn(gone, field)} went with it.`,
    });
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={`Delete “${field.label}”?`}
      consequence={<Consequence field={field} count={count} />}
      confirmLabel="Delete custom field"
      cancelLabel="Cancel"
      busy={busy || (count === null && error === null)}
      error={error}
      onConfirm={() => void perform()}
      onClose={onClose}
    />
  );
}
