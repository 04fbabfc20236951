import { z } from "zod";

import { recordViewFields } from "@/lib/platform/list-view";
import {
  camelKeys,
  dayField,
  instantField,
  openField,
  recordId,
  requiredTextField,
  seenFields,
  textField,
  truthField,
} from "@/lib/platform/input-fields";

const EMAIL = /^[^\s@]+@[^\s@]+$/;

const emailField = () => textField().refine((email) => email === null || EMAIL.test(email), "is not an e-mail address");

const optional = z
  .object({
    middle_name: textField(),
    last_name: textField(),
    email: emailField(),
    employee_number: textField(),
    job_title: textField(),
    mobile_phone_number: textField(),
    home_phone_number: textField(),
    work_phone_number: textField(),
    other_phone_number: textField(),
    street_address: textField(),
    street_address_line_2: textField(),
    city: textField(),
    region: textField(),
    postal_code: textField(),
    country: textField(),
    license_number: textField(),
    license_class: textField(),
    license_state: textField(),
    license_expiration: dayField(),
    birth_date: dayField(),
    start_date: dayField(),
    leave_date: dayField(),
    employee: truthField(),
    technician: truthField(),
    vehicle_operator: truthField(),
    custom_fields: openField(),
  })
  .partial();

const newContact = optional.extend({ first_name: requiredTextField() });

export const createContactInput = newContact.transform(camelKeys);
/** Of the API: archiving is a field there too. */
export const contactChangesInput = newContact
  .partial()
  .extend({ archived_at: instantField().optional() })
  .transform(camelKeys);

export type CreateContactInput = z.output<typeof createContactInput>;
export type ContactChangesInput = z.output<typeof contactChangesInput>;

/** Of the console: the same fields, and no others. */
export const addContactInput = newContact.strict().transform(camelKeys);

const contactId = recordId();

const changes = newContact.partial().strict();

/** Of the console: a contact's id among the fields to be changed, and what they held before. */
export const editContactInput = changes
  .extend({ id: contactId, seen: seenFields(changes).transform(camelKeys).optional() })
  .transform(({ id, seen, ...given }) => ({ id, seen, changes: camelKeys(given) }));

/** Of an action that takes only the contact. */
export const contactRowInput = z.strictObject({ id: contactId });

/** The list's view as the address holds it. A value that is not understood counts as not given. */
export const contactListQuery = z.object({
  ...recordViewFields(),
  role: z.enum(["operator", "employee", "technician"]).nullable().catch(null),
});
export type ContactListQuery = z.output<typeof contactListQuery>;

/** A file of what the list shows at that address, on all its pages. */
export const contactExportInput = contactListQuery
  .omit({ sort: true, direction: true, after: true, before: true })
  .strict();
export type ContactExportInput = z.output<typeof contactExportInput>;
