"use client";

import type { UseFormReturn } from "react-hook-form";

import type { Space } from "@/components/api-keys/space";
import { VersionSelect } from "@/components/api-keys/version-select";
import { DialogForm } from "@/components/record/dialog-form";
import { CheckboxGroup } from "@/components/form/checkbox-group";
import { Field } from "@/components/form/field";
import { RadioCards } from "@/components/form/radio-cards";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { CheckboxRow } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/entry/action";
import { createWebhookAction, editWebhookAction } from "@/lib/webhooks/actions";
import { groupsFor } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import { createWebhookInput, editWebhookInput } from "@/lib/webhooks/schema";
import type { RevealedSecret } from "@/lib/webhooks/service";
import { fieldOf, toWebhookInput, valuesOf, type WebhookValues } from "./webhook-form";

export interface WebhookDialogProps {
  readonly space: Space;
  /** What is edited; null = one is made. */
  readonly row: WebhookRow | null;
  readonly onCreated?: (made: RevealedSecret) => void;
  readonly onClose: () => void;
}

type WebhookForm = UseFormReturn<WebhookValues>;

function useWebhookForm({ space, row, onCreated, onClose }: WebhookDialogProps) {
  return useActionForm({
    name: `webhook ${row?.id ?? "new"}`,
    values: valuesOf(space.kind, row),
    toInput: (values, submissionId) => toWebhookInput(values, submissionId, row),
    schema: row === null ? createWebhookInput : editWebhookInput,
    action: async (input, id): Promise<ActionResult<{ made: RevealedSecret } | { url: string }>> => {
      if ("id" in input) return editWebhookAction(space.token, input, id);
      const answer = await createWebhookAction(space.token, input);
      return answer.ok ? { ok: true, value: { made: answer.value } } : answer;
    },
    fieldOf,
    onDone: (value) => {
      if ("made" in value) return onCreated?.(value.made);
      toast({ title: "Webhook saved", description: value.url });
      onClose();
    },
  });
}

/** Makes a webhook, or changes one. */
export function WebhookDialog(props: WebhookDialogProps) {
  const { space, row, onClose } = props;
  const state = useWebhookForm(props);
  const { form } = state;
  return (
    <DialogForm
      title={row ? "Edit webhook" : "Add Webhook"}
      state={state}
      signIn={<FreshSignInPanel space={space} next={`/${space.token}/webhooks`} />}
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
