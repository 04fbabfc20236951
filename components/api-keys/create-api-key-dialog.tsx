"use client";

import type { UseFormReturn } from "react-hook-form";

import { ChosenCustomers } from "@/components/accounts/chosen-customers";
import { DialogForm } from "@/components/record/dialog-form";
import { CheckboxGroup } from "@/components/form/checkbox-group";
import { Field } from "@/components/form/field";
import { RadioCards } from "@/components/form/radio-cards";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { Input, TextArea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { createApiKeyAction } from "@/lib/api-keys/actions";
import type { IssuedToken } from "@/lib/api-keys/service";
import { createApiKeyInput } from "@/lib/api-keys/schema";
import { READ_SCOPES, SCOPES } from "@/lib/auth/scopes";
import { emptyValues, formFieldOf, pickableDates, toCreateInput, type CreateApiKeyValues } from "./create-api-key-form";
import { nameWord, type Space } from "./space";
import { VersionSelect } from "./version-select";

export interface CreateApiKeyDialogProps {
  readonly space: Space;
  readonly customers: readonly { readonly name: string; readonly token: string }[];
  readonly onIssued: (issued: IssuedToken, customerCount: number | null) => void;
  readonly onClose: () => void;
}

type CreateForm = UseFormReturn<CreateApiKeyValues>;

export function CreateApiKeyDialog({ space, customers, onIssued, onClose }: CreateApiKeyDialogProps) {
  const state = useActionForm({
    name: "create key",
    where: space.token,
    values: emptyValues(space.viewer.limited),
    toInput: toCreateInput,
    schema: createApiKeyInput,
    action: (input) => createApiKeyAction(space.token, input),
    fieldOf: formFieldOf,
    onDone: (issued, { reach, customers: chosen }) => onIssued(issued, reach === "all" ? null : chosen.length),
  });
  const { form } = state;
  return (
    <DialogForm
      title="Add API Key"
      state={state}
      signIn={<FreshSignInPanel space={space} next={`/${space.token}/api-keys?resume=create`} />}
      onClose={onClose}
    >
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
        {(control) => <TextArea {...control} rows={2} spellCheck={false} autoComplete="off" className="font-mono" />}
      </Field>
    </DialogForm>
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
      hint="What requests with this key may do. Choose no more than the integration needs. A program that copies your data elsewhere, such as a sync into a warehouse, needs the preset “Data connector”: it reads everything and changes nothing. With less its first sync ends in a refusal."
      columns={2}
      options={SCOPES.map((scope) => ({ value: scope, label: <span className="font-mono text-12">{scope}</span> }))}
      aside={
        <Button variant="link" onClick={() => form.setValue("scopes", [...READ_SCOPES], { shouldDirty: true })}>
          Data connector
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
