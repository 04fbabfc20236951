"use client";

import { useState } from "react";
import { useForm, type UseFormReturn } from "react-hook-form";

import type { Space } from "@/components/api-keys/space";
import { VersionSelect } from "@/components/api-keys/version-select";
import { CheckboxGroup } from "@/components/form/checkbox-group";
import { DialogForm } from "@/components/form/dialog-form";
import { Field } from "@/components/form/field";
import { useKeptForm } from "@/components/form/kept-form";
import { noAnswer } from "@/components/form/no-answer";
import { RadioCards } from "@/components/form/radio-cards";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { CheckboxRow } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { ActionError } from "@/lib/entry/action";
import type { FieldErrors } from "@/lib/platform/errors";
import { createWebhookAction, editWebhookAction } from "@/lib/webhooks/actions";
import { groupsFor } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { RevealedSecret } from "@/lib/webhooks/service";
import { fieldOf, readWebhookForm, valuesOf, type WebhookValues } from "./webhook-form";

export interface WebhookDialogProps {
  readonly space: Space;
  /** What is edited; null = one is made. */
  readonly row: WebhookRow | null;
  readonly onCreated?: (made: RevealedSecret) => void;
  readonly onClose: () => void;
}

type WebhookForm = UseFormReturn<WebhookValues>;

/** Never kept, not even in the tab. */
const SECRETS = ["authorization"];

type Refusal = Pick<ActionError, "code" | "message">;

const NO_ANSWER: Refusal = {
  code: "unexpected",
  message: "The answer did not arrive. Nothing you typed is lost; press Save again: it is done once.",
};

function useWebhookForm({ space, row, onCreated, onClose }: WebhookDialogProps) {
  const [refused, setRefused] = useState<Refusal | null>(null);
  const form = useForm<WebhookValues>({ defaultValues: valuesOf(space.kind, row) });
  useKeptForm(form, `webhook ${row?.id ?? "new"}`, SECRETS);
  const showErrors = (errors: FieldErrors) => {
    for (const [path, messages] of Object.entries(errors)) {
      const field = fieldOf(path);
      if (field) form.setError(field, { message: messages.join(" ") }, { shouldFocus: true });
    }
  };
  const submit = form.handleSubmit(async (values) => {
    setRefused(null);
    const read = readWebhookForm(values, row);
    if ("errors" in read) return showErrors(read.errors);
    if ("creates" in read) {
      const answer = await createWebhookAction(space.token, read.creates).catch(noAnswer);
      if (answer?.ok) return onCreated?.(answer.value);
      showErrors(answer?.error.fields ?? {});
      return setRefused(answer?.error ?? NO_ANSWER);
    }
    const answer = await editWebhookAction(space.token, read.edits).catch(noAnswer);
    if (answer?.ok) {
      toast({ title: "Webhook saved", description: answer.value.url });
      return onClose();
    }
    showErrors(answer?.error.fields ?? {});
    setRefused(answer?.error ?? NO_ANSWER);
  });
  return { form, submit, refused };
}

/** Makes a webhook, or changes one. */
export function WebhookDialog(props: WebhookDialogProps) {
  const { space, row, onClose } = props;
  const { form, submit, refused } = useWebhookForm(props);
  const isStale = refused?.code === "fresh_sign_in_required";
  return (
    <DialogForm
      title={row ? "Edit webhook" : "Add Webhook"}
      refused={isStale ? null : refused?.message}
      busy={form.formState.isSubmitting}
      onSubmit={(event) => void submit(event)}
      onClose={onClose}
    >
      <Field form={form} name="url" label="URL" hint="Deliveries are POSTed there. It needs https.">
        {(control) => (
          <Input {...control} type="url" maxLength={1000} spellCheck={false} autoComplete="off" inputMode="url" />
        )}
      </Field>
      <Field
        form={form}
        name="description"
        label="Description"
        optional
        hint="What receives them, such as “Key cabinet”."
      >
        {(control) => <Input {...control} maxLength={255} autoComplete="off" />}
      </Field>
      <Events form={form} kind={space.kind} />
      <Details form={form} row={row} />
      {isStale && <FreshSignInPanel space={space} next={`/${space.token}/webhooks`} />}
    </DialogForm>
  );
}

function Events({ form, kind }: { form: WebhookForm; kind: Space["kind"] }) {
  const isChosen = form.watch("hears") === "chosen";
  return (
    <>
      <RadioCards
        form={form}
        name="hears"
        legend="Events"
        columns={2}
        options={[
          { value: "chosen", label: "Chosen events" },
          { value: "all", label: "All events", hint: "Also those to come" },
        ]}
      />
      {isChosen &&
        groupsFor(kind).map(({ label, events }, place) => (
          <CheckboxGroup
            key={label}
            form={form}
            name={`groups.${place}`}
            legend={label}
            columns={2}
            options={events.map((name) => ({ value: name, label: <span className="font-mono text-12">{name}</span> }))}
            aside={
              <Button
                variant="link"
                aria-label={`All of ${label}`}
                onClick={() => form.setValue(`groups.${place}`, [...events], { shouldDirty: true })}
              >
                All
              </Button>
            }
          />
        ))}
    </>
  );
}

function Details({ form, row }: { form: WebhookForm; row: WebhookRow | null }) {
  const isKept = row?.hasAuthorization === true;
  return (
    <>
      <Field form={form} name="apiVersion" label="API version" hint="The shape that the records are sent in.">
        {(control) => <VersionSelect {...control} />}
      </Field>
      <Field
        form={form}
        name="authorization"
        label="Authorization header"
        optional
        hint={
          isKept
            ? "One is set and stored encrypted. Leave this empty to keep it."
            : "Sent along with each delivery and stored encrypted, for receivers that ask for it."
        }
      >
        {(control) => (
          <Input {...control} maxLength={1000} spellCheck={false} autoComplete="off" className="font-mono" />
        )}
      </Field>
      {isKept && <CheckboxRow {...form.register("dropsAuthorization")} label="Send no Authorization header any more" />}
    </>
  );
}
