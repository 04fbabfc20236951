"use client";

import { useState } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";

import { ChosenCustomers } from "@/components/accounts/chosen-customers";
import { CheckboxGroup } from "@/components/form/checkbox-group";
import { Field } from "@/components/form/field";
import { FormError } from "@/components/form/form-error";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { RadioCards } from "@/components/form/radio-cards";
import { SubmitButton } from "@/components/form/submit-button";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
import { Input, TextArea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { createApiKeyAction } from "@/lib/api-keys/actions";
import type { IssuedToken } from "@/lib/api-keys/service";
import { READ_SCOPES, SCOPES } from "@/lib/auth/scopes";
import { emptyValues, formFieldOf, pickableDates, readValues, type CreateApiKeyValues } from "./create-api-key-form";
import { dropDraft, keepDraft, takeDraft } from "./draft";
import { nameWord, type Space } from "./space";
import { VersionSelect } from "./version-select";

export interface CreateApiKeyDialogProps {
  readonly space: Space;
  readonly customers: readonly { readonly name: string; readonly token: string }[];
  /** Comes back from a sign-in: what was typed before is there again. */
  readonly resume: boolean;
  readonly onIssued: (issued: IssuedToken, customerCount: number | null) => void;
  readonly onClose: () => void;
}

type CreateForm = UseFormReturn<CreateApiKeyValues>;

interface Refusal {
  readonly message: string;
  readonly freshSignIn: boolean;
}

function useCreate({ space, resume, onIssued }: CreateApiKeyDialogProps) {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const form = useForm<CreateApiKeyValues>({
    defaultValues: resume
      ? takeDraft(space.token, emptyValues(space.viewer.limited))
      : emptyValues(space.viewer.limited),
  });
  useKeptForm(form, "create");
  const showErrors = (errors: Readonly<Record<string, readonly string[]>>) => {
    for (const [path, messages] of Object.entries(errors)) {
      const field = formFieldOf(path);
      if (field) form.setError(field, { message: messages.join(" ") }, { shouldFocus: true });
    }
  };
  const submit = form.handleSubmit(async (values) => {
    setRefusal(null);
    const read = readValues(values);
    if ("errors" in read) return showErrors(read.errors);
    const answer = await createApiKeyAction(space.token, read.input).catch(noAnswer);
    if (answer?.ok) {
      dropDraft(space.token);
      return onIssued(answer.value, read.input.customers?.length ?? null);
    }
    if (answer === null) {
      const message =
        "The answer did not arrive. Nothing you typed is lost; press Save again: it will not make a second key.";
      return setRefusal({ message, freshSignIn: false });
    }
    const { code, message, fields } = answer.error;
    if (code === "fresh_sign_in_required") keepDraft(space.token, values);
    showErrors(fields);
    setRefusal({ message, freshSignIn: code === "fresh_sign_in_required" });
  });
  return { form, submit, refusal };
}

export function CreateApiKeyDialog(props: CreateApiKeyDialogProps) {
  const { space, customers, onClose } = props;
  const { form, submit, refusal } = useCreate(props);
  const cancel = () => {
    dropDraft(space.token);
    onClose();
  };
  return (
    <Dialog open onClose={cancel} onCloseRequest={() => !form.formState.isSubmitting}>
      <DialogHeader title="Add API Key" />
      <form className={DIALOG_FORM} onSubmit={(event) => void submit(event)} noValidate>
        <DialogBody>
          <Basics form={form} space={space} />
          <Scopes form={form} />
          {space.kind === "partner" && <Reach form={form} limited={space.viewer.limited} customers={customers} />}
          <Field
            form={form}
            name="allowedIps"
            label="Allowed IP addresses"
            optional
            hint="One address or range a line, such as 203.0.113.0/24. Empty: from anywhere."
          >
            {(control) => (
              <TextArea {...control} rows={2} spellCheck={false} autoComplete="off" className="font-mono" />
            )}
          </Field>
          <FormError>{refusal && !refusal.freshSignIn ? refusal.message : null}</FormError>
          {refusal?.freshSignIn && <FreshSignInPanel space={space} next={`/${space.token}/api-keys?resume=create`} />}
        </DialogBody>
        <DialogFooter>
          <Button onClick={cancel}>Cancel</Button>
          <SubmitButton busy={form.formState.isSubmitting}>Save</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function Basics({ form, space }: { form: CreateForm; space: Space }) {
  const dates = pickableDates();
  const term = form.watch("term");
  return (
    <>
      <Field
        form={form}
        name="name"
        label={nameWord(space)}
        hint="What will use the key, such as “Keycafe” or “Reporting script”. One key per integration."
      >
        {(control) => <Input {...control} maxLength={100} autoComplete="off" />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2 sm:items-start">
        <Field form={form} name="apiVersion" label="API version">
          {(control) => <VersionSelect {...control} />}
        </Field>
        <div className="grid gap-2">
          <Field form={form} name="term" label="Expires after">
            {(control) => (
              <Select {...control}>
                <option value="3">3 months</option>
                <option value="6">6 months</option>
                <option value="12">1 year</option>
                <option value="date">A date</option>
              </Select>
            )}
          </Field>
          {term === "date" && (
            <Field form={form} name="date" label="Last day" hint="Until the end of that day, in your time zone.">
              {(control) => <Input {...control} type="date" min={dates.min} max={dates.max} />}
            </Field>
          )}
        </div>
      </div>
    </>
  );
}

function Scopes({ form }: { form: CreateForm }) {
  return (
    <CheckboxGroup
      form={form}
      name="scopes"
      legend="Scopes"
      hint="What requests with this key may do. Choose no more than the integration needs."
      columns={2}
      options={SCOPES.map((scope) => ({ value: scope, label: <span className="font-mono text-12">{scope}</span> }))}
      aside={
        <Button variant="link" onClick={() => form.setValue("scopes", [...READ_SCOPES], { shouldDirty: true })}>
          Read everything
        </Button>
      }
    />
  );
}

function Reach({
  form,
  limited,
  customers,
}: {
  form: CreateForm;
  limited: boolean;
  customers: CreateApiKeyDialogProps["customers"];
}) {
  return (
    <>
      <RadioCards
        form={form}
        name="reach"
        legend="Customer accounts"
        columns={2}
        options={[
          {
            value: "all",
            label: "All customers",
            hint: limited ? "Only for those who look after all of them" : "Also those to come",
            disabled: limited,
          },
          { value: "chosen", label: "A chosen few" },
        ]}
      />
      {form.watch("reach") === "chosen" && <ChosenCustomers form={form} customers={customers} />}
    </>
  );
}
