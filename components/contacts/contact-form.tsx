"use client";

import { useRouter } from "next/navigation";

import {
  customFieldInputs,
  customFieldValues,
  enteredCustomFields,
} from "@/components/custom-fields/custom-field-inputs";
import type { FieldSection, FieldSpec, FieldValues } from "@/components/record/field-spec";
import { RecordForm } from "@/components/record/record-form";
import { sending, useRecordForm } from "@/components/record/use-record-form";
import { onDemand } from "@/components/ui/on-demand";
import { toast } from "@/components/ui/toaster";
import { createContactAction, editContactAction } from "@/lib/contacts/actions";
import type { ContactRecord } from "@/lib/contacts/presenter";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";

const schemas = onDemand(() => import("@/lib/contacts/schema"));

const PERSON: readonly FieldSpec[] = [
  { name: "first_name", label: "First name", kind: "text", required: true },
  { name: "middle_name", label: "Middle name", kind: "text" },
  { name: "last_name", label: "Last name", kind: "text" },
  { name: "email", label: "E-mail address", kind: "text", type: "email" },
  { name: "birth_date", label: "Date of birth", kind: "date" },
];

const WORK: readonly FieldSpec[] = [
  { name: "job_title", label: "Job title", kind: "text" },
  { name: "employee_number", label: "Employee number", kind: "text" },
  { name: "start_date", label: "Started on", kind: "date" },
  { name: "leave_date", label: "Left on", kind: "date" },
  { name: "vehicle_operator", label: "Operator", kind: "checkbox", hint: "Drives or operates vehicles" },
  { name: "employee", label: "Employee", kind: "checkbox", hint: "Is employed by this company" },
  { name: "technician", label: "Technician", kind: "checkbox", hint: "Works on vehicles" },
];

const REACHED: readonly FieldSpec[] = [
  { name: "mobile_phone_number", label: "Mobile phone", kind: "text", type: "tel" },
  { name: "work_phone_number", label: "Work phone", kind: "text", type: "tel" },
  { name: "home_phone_number", label: "Home phone", kind: "text", type: "tel" },
  { name: "other_phone_number", label: "Other phone", kind: "text", type: "tel" },
  { name: "street_address", label: "Street address", kind: "text", wide: true },
  { name: "street_address_line_2", label: "Second address line", kind: "text", wide: true },
  { name: "city", label: "City", kind: "text" },
  { name: "region", label: "State or region", kind: "text" },
  { name: "postal_code", label: "Postal code", kind: "text" },
  { name: "country", label: "Country", kind: "text" },
];

const LICENSE: readonly FieldSpec[] = [
  { name: "license_number", label: "License number", kind: "text" },
  { name: "license_class", label: "License class", kind: "text" },
  { name: "license_state", label: "Issued by", kind: "text" },
  { name: "license_expiration", label: "Valid until", kind: "date" },
];

const SECTIONS: readonly FieldSection[] = [
  { title: "Person", fields: PERSON },
  { title: "Work", fields: WORK },
  { title: "Phone and address", fields: REACHED },
  { title: "Driver’s license", fields: LICENSE },
];

/** The form of a contact; `own` are the account's custom fields. */
function contactSections(own: readonly FieldSpec[]): FieldSection[] {
  return own.length > 0 ? [...SECTIONS, { title: "Custom fields", fields: own }] : [...SECTIONS];
}

/** `license_number` → `licenseNumber`, as the record has it. */
function memberOf(name: string): keyof ContactRecord {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase()) as keyof ContactRecord;
}

/** What the form holds at first; a new contact drives. */
function contactValues(contact: ContactRecord | null): FieldValues {
  const entries = SECTIONS.flatMap(({ fields }) =>
    fields.map(({ name, kind }) => {
      const value = contact?.[memberOf(name)] ?? null;
      if (kind === "checkbox") return [name, contact === null ? name === "vehicle_operator" : value === true] as const;
      return [name, typeof value === "string" ? value : ""] as const;
    }),
  );
  return Object.fromEntries<string | boolean>(entries);
}

/** The fields of the input's own among those entered. */
function contactFieldsEntered(entered: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(entered).filter(([name]) => !name.startsWith("custom_field_")));
}

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
