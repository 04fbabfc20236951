import { z } from "zod";

import {
  attachmentPermissionsShape,
  countShape,
  customFieldsShape,
  dayShape,
  fieldMerger,
  idShape,
  instantShape,
  noneShape,
  nothing,
  textOrNull,
} from "@/lib/platform/output-fields";

/** What records that name a contact show of it. */
export interface ContactStubRecord {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
}

/** A contact as the API knows it. Days are texts, as the database writes them: "2026-11-22". */
export interface ContactRecord extends ContactStubRecord {
  readonly accountId: number;
  readonly firstName: string;
  readonly middleName: string | null;
  readonly lastName: string | null;
  readonly employeeNumber: string | null;
  readonly jobTitle: string | null;
  readonly mobilePhoneNumber: string | null;
  readonly homePhoneNumber: string | null;
  readonly workPhoneNumber: string | null;
  readonly otherPhoneNumber: string | null;
  readonly streetAddress: string | null;
  readonly streetAddressLine2: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
  readonly licenseNumber: string | null;
  readonly licenseClass: string | null;
  readonly licenseState: string | null;
  readonly licenseExpiration: string | null;
  readonly birthDate: string | null;
  readonly startDate: string | null;
  readonly leaveDate: string | null;
  readonly employee: boolean;
  readonly technician: boolean;
  readonly vehicleOperator: boolean;
  readonly customFields: Readonly<Record<string, string | boolean | null>>;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const stubFields = {
  id: idShape(),
  email: textOrNull(),
  name: z.string(),
  group_id: nothing(),
  default_image_url: nothing(),
};

export const contactStubShape = z.strictObject(stubFields);

const absentShape = {
  group_name: nothing(),
  group_hierarchy: nothing(),
  hourly_labor_rate_cents: nothing(),
  account_membership_id: nothing(),
  images: noneShape(),
  images_count: countShape(),
  comments_count: countShape(),
  documents_count: countShape(),
  attachment_permissions: attachmentPermissionsShape(),
};

export const contactShape = z.strictObject({
  ...stubFields,
  account_id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  archived_at: instantShape().nullable(),
  first_name: z.string(),
  middle_name: textOrNull(),
  last_name: textOrNull(),
  employee_number: textOrNull(),
  job_title: textOrNull(),
  employee: z.boolean(),
  technician: z.boolean(),
  vehicle_operator: z.boolean(),
  birth_date: dayShape().nullable(),
  start_date: dayShape().nullable(),
  leave_date: dayShape().nullable(),
  mobile_phone_number: textOrNull(),
  home_phone_number: textOrNull(),
  work_phone_number: textOrNull(),
  other_phone_number: textOrNull(),
  street_address: textOrNull(),
  street_address_line_2: textOrNull(),
  city: textOrNull(),
  region: textOrNull(),
  postal_code: textOrNull(),
  country: textOrNull(),
  license_number: textOrNull(),
  license_class: textOrNull(),
  license_state: textOrNull(),
  license_expiration: dayShape().nullable(),
  custom_fields: customFieldsShape(),
  ...absentShape,
});

export function presentContactStub(contact: ContactStubRecord): z.infer<typeof contactStubShape> {
  return { id: contact.id, email: contact.email, name: contact.name, group_id: null, default_image_url: null };
}

function presentAddress(contact: ContactRecord) {
  return {
    street_address: contact.streetAddress,
    street_address_line_2: contact.streetAddressLine2,
    city: contact.city,
    region: contact.region,
    postal_code: contact.postalCode,
    country: contact.country,
  };
}

function presentPhones(contact: ContactRecord) {
  return {
    mobile_phone_number: contact.mobilePhoneNumber,
    home_phone_number: contact.homePhoneNumber,
    work_phone_number: contact.workPhoneNumber,
    other_phone_number: contact.otherPhoneNumber,
  };
}

function presentLicense(contact: ContactRecord) {
  return {
    license_number: contact.licenseNumber,
    license_class: contact.licenseClass,
    license_state: contact.licenseState,
    license_expiration: contact.licenseExpiration,
  };
}

/** What connectors' schemas list and this fleet has nothing of. */
const ABSENT = {
  group_name: null,
  group_hierarchy: null,
  hourly_labor_rate_cents: null,
  account_membership_id: null,
  images: [],
  images_count: 0,
  comments_count: 0,
  documents_count: 0,
  attachment_permissions: { read_photos: false, manage_photos: false, read_documents: false, manage_documents: false },
} as const;

const mergeFields = fieldMerger();

export function presentContact(contact: ContactRecord): z.infer<typeof contactShape> {
  const own = {
    account_id: contact.accountId,
    created_at: contact.createdAt.toISOString(),
    updated_at: contact.updatedAt.toISOString(),
    archived_at: contact.archivedAt?.toISOString() ?? null,
    first_name: contact.firstName,
    middle_name: contact.middleName,
    last_name: contact.lastName,
    employee_number: contact.employeeNumber,
    job_title: contact.jobTitle,
    employee: contact.employee,
    technician: contact.technician,
    vehicle_operator: contact.vehicleOperator,
    birth_date: contact.birthDate,
    start_date: contact.startDate,
    leave_date: contact.leaveDate,
    custom_fields: { ...contact.customFields },
  };
  return mergeFields(
    presentContactStub(contact),
    own,
    presentPhones(contact),
    presentAddress(contact),
    presentLicense(contact),
    ABSENT,
  );
}
