"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";

import { DialogForm } from "@/components/form/dialog-form";
import { Field } from "@/components/form/field";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { editApiKeyAction } from "@/lib/api-keys/actions";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { ApiVersion } from "@/lib/public-api/versions/api-versions";
import { nameWord, type Space } from "./space";
import { VersionSelect } from "./version-select";

interface EditValues {
  name: string;
  apiVersion: ApiVersion;
}

export function EditApiKeyDialog({ space, row, onClose }: { space: Space; row: ApiKeyRow; onClose: () => void }) {
  const [refused, setRefused] = useState<string | null>(null);
  const form = useForm<EditValues>({ defaultValues: { name: row.name, apiVersion: row.apiVersion as ApiVersion } });
  useKeptForm(form, `edit ${row.id}`);
  const submit = form.handleSubmit(async (values) => {
    setRefused(null);
    const answer = await editApiKeyAction(space.token, { id: row.id, revision: row.revision, ...values }).catch(
      noAnswer,
    );
    if (answer?.ok) {
      toast({ title: `“${answer.value.name}” saved` });
      return onClose();
    }
    for (const field of ["name", "apiVersion"] as const) {
      const messages = answer?.error.fields[field];
      if (messages) form.setError(field, { message: messages.join(" ") }, { shouldFocus: true });
    }
    setRefused(answer?.error.message ?? "The answer did not arrive. Nothing you typed is lost; press Save again.");
  });
  return (
    <DialogForm
      title={`Edit “${row.name}”`}
      size="small"
      refused={refused}
      busy={form.formState.isSubmitting}
      onSubmit={(event) => void submit(event)}
      onClose={onClose}
    >
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
