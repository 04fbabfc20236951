import { verbsOf } from "@/lib/vehicles/policy";

interface NameParts {
  readonly firstName: string;
  readonly middleName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** What a contact is called: first, middle and last name, as far as they are known. */
export function contactName({ firstName, middleName, lastName }: NameParts): string {
  return [firstName, middleName, lastName].filter(Boolean).join(" ");
}

/** What can be done with a contact: on which, and by which permission. */
const CONTACT_VERBS = {
  edit: { on: "all", permission: "contacts.write" },
  archive: { on: "current", permission: "contacts.write" },
  restore: { on: "archived", permission: "contacts.write" },
  delete: { on: "all", permission: "contacts.delete" },
} as const;

export type ContactVerb = keyof typeof CONTACT_VERBS;

/** The verbs that a contact's row offers. */
export function contactVerbs(
  contact: { readonly archivedAt: Date | null },
  may: (permission: (typeof CONTACT_VERBS)[ContactVerb]["permission"]) => boolean,
): ContactVerb[] {
  return verbsOf(CONTACT_VERBS, contact, may);
}
