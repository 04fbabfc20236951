"use client";

import { useRouter } from "next/navigation";

import {
  customFieldInputs,
  customFieldValues,
  enteredCustomFields,
} from "@/components/custom-fields/custom-field-inputs";
import type { FieldValues } from "@/components/record/field-spec";
import { RecordForm } from "@/components/record/record-form";
import { sending, useRecordForm } from "@/components/record/use-record-form";
import { onDemand } from "@/components/ui/on-demand";
import { toast } from "@/components/ui/toaster";
import { createContactAction, editContactAction } from "@/lib/contacts/actions";
import type { ContactRecord } from "@/lib/contacts/presenter";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { contactFieldsEntered, contactSections, contactValues } from "./contact-fields";

const schemas = onDemand(() => import("@/lib/contacts/schema"));

export interface ContactFormProps {
  readonly accountToken: string;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Null = a new one. */
  readonly contact: ContactRecord | null;
}

export function ContactForm({ accountToken, definitions, contact }: ContactFormProps) {
  const router = useRouter();
  const base = `/${accountToken}/contacts`;
  const sections = contactSections(customFieldInputs(definitions));
  const inputOf = (entered: FieldValues) => {
    const own = enteredCustomFields(definitions, entered);
    return { ...contactFieldsEntered(entered), ...(Object.keys(own).length > 0 && { custom_fields: own }) };
  };
  const state = useRecordForm({
    schemas,
    fields: sections.flatMap(({ fields }) => fields),
    values: { ...contactValues(contact), ...customFieldValues(definitions, contact?.customFields) },
    onClash: () => router.refresh(),
    prepare: (entered, changed, seen) => {
      if (contact === null)
        return sending(
          schemas,
          (given) => given.addContactInput,
          inputOf(entered),
          (input, submissionId) => createContactAction(accountToken, input, submissionId),
        );
      const input = { id: contact.id, ...inputOf(changed), seen: inputOf(seen) };
      return sending(
        schemas,
        (given) => given.editContactInput,
        input,
        (checked) => editContactAction(accountToken, checked),
      );
    },
    onSaved: (saved) => {
      toast({ title: `“${saved.name}” ${contact === null ? "added" : "saved"}` });
      router.push(`${base}/${saved.id}`);
    },
  });
  const [saveLabel, cancelHref] = contact === null ? ["Add contact", base] : ["Save", `${base}/${contact.id}`];
  return <RecordForm state={state} sections={sections} saveLabel={saveLabel} cancelHref={cancelHref} />;
}
