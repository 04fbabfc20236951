"use client";

import { DialogForm } from "@/components/record/dialog-form";
import { Field } from "@/components/form/field";
import { useActionForm } from "@/components/record/use-action-form";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { editApiKeyAction } from "@/lib/api-keys/actions";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { ApiVersion } from "@/lib/public-api/versions/api-versions";
import { nameWord, type Space } from "./space";
import { VersionSelect } from "./version-select";

export function EditApiKeyDialog({ space, row, onClose }: { space: Space; row: ApiKeyRow; onClose: () => void }) {
  const state = useActionForm({
    name: `edit ${row.id}`,
    values: { name: row.name, apiVersion: row.apiVersion as ApiVersion },
    toInput: (values) => ({ id: row.id, revision: row.revision, ...values }),
    action: (input, id) => editApiKeyAction(space.token, input, id),
    onDone: ({ name }) => {
      toast({ title: `“${name}” saved` });
      onClose();
    },
  });
  const { form } = state;
  return (
    <DialogForm title={`Edit “${row.name}”`} size="small" state={state} onClose={onClose}>
      <Field form={form} name="name" label={nameWord(space)}>
        {(control) => <Input {...control} maxLength={100} autoComplete="off" />}
      </Field>
      <Field
        form={form}
        name="apiVersion"
        label="API version"
        hint="Answers change their shape at the next request. A request can override it with X-Api-Version."
      >
        {(control) => <VersionSelect {...control} />}
      </Field>
    </DialogForm>
  );
}
