/**
 * What every record of the API holds, field by field, as clients of the wire format read it: written by hand from the
 * contract, never from the presenters. It is the same in every version: no name is taken away where a client of any age
 * may read it. A resource or a field that is missing here fails `lib/public-api/wire-table.test.ts`.
 */
export type WireType =
  | "integer"
  | "number"
  | "text"
  /** An exact number as a text. */
  | "decimal"
  | "boolean"
  | "time"
  | "day"
  /** Names that the account gives. */
  | "object"
  /** A list of what this hub keeps none of. */
  | "none"
  | readonly [WireType]
  | WireRecord;
/** A name that ends with `?` may be null. */
export interface WireRecord {
  readonly [name: string]: WireType;
}

function fields<Type extends WireType>(type: Type, names: string): Readonly<Record<string, Type>> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, type]),
  );
}

const RECORD: WireRecord = { ...fields("integer", "id account_id"), ...fields("time", "created_at updated_at") };

const METERS: WireRecord = {
  ...fields("text", "primary_meter_unit meter_unit secondary_meter_unit?"),
  ...fields("decimal", "primary_meter_value secondary_meter_value"),
  ...fields("number", "current_meter_value?"),
  ...fields("boolean", "secondary_meter"),
};

const VEHICLE_STUB: WireRecord = {
  ...fields("integer", "id year? registration_expiration_month"),
  ...fields("text", "name color? license_plate? vin? make? model? trim? registration_state? default_image_url_small?"),
  ...METERS,
};

const VEHICLE: WireRecord = {
  ...RECORD,
  ...VEHICLE_STUB,
  ...fields("time", "archived_at?"),
  ...fields("integer", "vehicle_type_id vehicle_status_id fuel_type_id? group_id? current_location_entry_id?"),
  ...fields("text", "vehicle_type_name vehicle_status_name vehicle_status_color fuel_type_name? group_name?"),
  ...fields("text", "fuel_volume_units ownership system_of_measurement group_ancestry? assetable_type"),
  ...fields("day", "primary_meter_date? secondary_meter_date? in_service_date? out_of_service_date?"),
  ...fields("decimal", "primary_meter_usage_per_day? secondary_meter_usage_per_day? estimated_replacement_mileage?"),
  ...fields("decimal", "in_service_meter_value? out_of_service_meter_value?"),
  ...fields("integer", "estimated_service_months? estimated_resale_price_cents? axle_config_id?"),
  ...fields("object", "external_ids custom_fields"),
  ...fields("boolean", "is_sample ai_enabled"),
  labels: [{ name: "text" }],
  ...fields("integer", "comments_count documents_count images_count issues_count service_entries_count"),
  ...fields("integer", "service_reminders_count work_orders_count fuel_entries_count vehicle_renewal_reminders_count"),
};

const ATTACHMENT_PERMISSIONS = fields("boolean", "read_photos manage_photos read_documents manage_documents");

const CONTACT_STUB: WireRecord = {
  ...fields("integer", "id group_id?"),
  ...fields("text", "name email? default_image_url?"),
};

const CONTACT: WireRecord = {
  ...RECORD,
  ...CONTACT_STUB,
  ...fields("time", "archived_at?"),
  ...fields("text", "first_name middle_name? last_name? employee_number? job_title? group_name? group_hierarchy?"),
  ...fields("text", "mobile_phone_number? home_phone_number? work_phone_number? other_phone_number?"),
  ...fields("text", "street_address? street_address_line_2? city? region? postal_code? country?"),
  ...fields("text", "license_number? license_class? license_state?"),
  ...fields("day", "license_expiration? birth_date? start_date? leave_date?"),
  ...fields("boolean", "employee technician vehicle_operator"),
  ...fields("integer", "hourly_labor_rate_cents? account_membership_id?"),
  ...fields("integer", "images_count comments_count documents_count"),
  custom_fields: "object",
  images: "none",
  attachment_permissions: ATTACHMENT_PERMISSIONS,
};

const VEHICLE_ASSIGNMENT: WireRecord = {
  ...RECORD,
  ...fields("integer", "vehicle_id contact_id comments_count"),
  ...fields("time", "started_at? ended_at?"),
  ...fields("boolean", "current future"),
  ...fields("decimal", "starting_meter_entry_value? ending_meter_entry_value?"),
  ...fields("text", "contact_full_name contact_image_url?"),
  custom_fields: "object",
  comments: [{ comment: "text", created_at: "time", "author?": "text" }],
  attachment_permissions: ATTACHMENT_PERMISSIONS,
  contact: CONTACT_STUB,
  vehicle: VEHICLE_STUB,
};

const READING: WireRecord = {
  ...RECORD,
  ...fields("integer", "vehicle_id meterable_id?"),
  value: "decimal",
  date: "day",
  ...fields("time", "taken_at? auto_voided_at?"),
  ...fields("boolean", "void is_sample"),
  ...fields("text", "category? meter_type? meterable_type? type? gps_provider? gps_device_id?"),
};

/** All of it may be null, but for its switches. */
const READING_OR_NONE: WireRecord = Object.fromEntries(
  Object.entries(READING).map(([name, type]) => [type === "boolean" || name.endsWith("?") ? name : `${name}?`, type]),
);

const FUEL_ENTRY: WireRecord = {
  ...RECORD,
  ...fields("integer", "vehicle_id fuel_type_id? vendor_id? total_amount_cents?"),
  ...fields("integer", "comments_count documents_count images_count watchers_count"),
  ...fields("text", "vehicle_name fuel_type_name? vendor_name? reference? external_id? type? region?"),
  ...fields("text", "fuel_economy_units_for_current_user"),
  ...fields("decimal", "us_gallons uk_gallons liters price_per_volume_unit? total_amount?"),
  ...fields("decimal", "usage_in_hr? usage_in_km? usage_in_mi? kpl? lp100k? mpg_uk? mpg_us?"),
  ...fields("decimal", "liters_per_hr? uk_gallons_per_hr? us_gallons_per_hr? cost_per_hr? cost_per_km? cost_per_mi?"),
  ...fields("boolean", "partial personal reset is_sample"),
  date: "time",
  custom_fields: "object",
  ...fields("object", "raw_transaction_data geolocation map_previews vendor?"),
  ...fields("none", "comments documents images"),
  attachment_permissions: ATTACHMENT_PERMISSIONS,
  meter_entry: READING_OR_NONE,
  vehicle: VEHICLE_STUB,
};

const WEBHOOK: WireRecord = {
  ...RECORD,
  ...fields("text", "url description api_version authorization? shared_key? disabled_reason?"),
  ...fields("boolean", "enabled all_events"),
  subscribed_events: "object",
  failed_attempts: "integer",
  "disabled_at?": "time",
};

const WEBHOOK_EVENT: WireRecord = {
  ...RECORD,
  ...fields("integer", "webhook_id attempts response_code? last_response_status?"),
  ...fields("text", "message_id event status response_body? last_error?"),
  ...fields("time", "last_sent_at? retried_at? next_attempt_at?"),
};

const ACCOUNT: WireRecord = {
  id: "integer",
  ...fields("time", "created_at updated_at"),
  ...fields("text", "name token plan state user_type city? country? currency_symbol default_meter_unit"),
  ...fields("text", "default_fuel_volume_unit default_fuel_volume_units"),
  ...fields("text", "default_system_of_measurement system_of_measurement"),
  "account_membership_id?": "integer",
};

const USER: WireRecord = {
  ...RECORD,
  ...fields("integer", "account_membership_id? group_id?"),
  ...fields("text", "email? username? name first_name last_name? user_type time_zone default_image_url? group_name?"),
  service_user: "boolean",
};

const REACHED_ACCOUNT: WireRecord = { id: "integer", ...fields("text", "name token") };

const API_KEY: WireRecord = {
  id: "integer",
  ...fields("text", "name prefix version"),
  expires_at: "time",
  all_accounts: "boolean",
  scopes: ["text"],
  account: REACHED_ACCOUNT,
  "accounts?": [REACHED_ACCOUNT],
};

/** By the resource of an endpoint. */
export const WIRE_RECORDS: Readonly<Record<string, WireRecord>> = {
  vehicles: VEHICLE,
  contacts: CONTACT,
  vehicle_assignments: VEHICLE_ASSIGNMENT,
  meter_entries: { ...READING, vehicle: VEHICLE_STUB },
  fuel_entries: FUEL_ENTRY,
  vehicle_types: { ...RECORD, name: "text", default: "boolean" },
  fuel_types: { ...RECORD, name: "text" },
  vehicle_statuses: { ...RECORD, ...fields("text", "name color"), default: "boolean", position: "integer" },
  custom_fields: {
    ...RECORD,
    ...fields("text", "record_type label key data_type"),
    required: "boolean",
    choices: ["text"],
    position: "integer",
  },
  webhooks: WEBHOOK,
  webhook_events: WEBHOOK_EVENT,
  accounts: ACCOUNT,
  users: USER,
  api_key: API_KEY,
  changes: {
    records: [{ ...fields("integer", "sequence id"), ...fields("text", "event resource"), at: "time" }],
    next_after: "text",
  },
};

/** What a single record has besides. */
export const SINGLE_RECORDS: Readonly<Record<string, WireRecord>> = {
  webhook_events: { ...WEBHOOK_EVENT, payload: "object" },
};

const written = (form: RegExp) => (value: unknown) => typeof value === "string" && form.test(value);
const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  text: (value) => typeof value === "string",
  decimal: written(/^-?\d+(\.\d+)?$/),
  boolean: (value) => typeof value === "boolean",
  time: written(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
  day: written(/^\d{4}-\d\d-\d\d$/),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  none: (value) => Array.isArray(value) && value.length === 0,
};

/** What of a value is not as the table has it, each with its place; empty when it is. */
export function strayFields(value: unknown, type: WireType, place = ""): string[] {
  if (typeof type === "string")
    return SCALARS[type]?.(value) ? [] : [`${place} is ${JSON.stringify(value)}, no ${type}`];
  if (Array.isArray(type)) {
    const [item] = type as readonly [WireType];
    if (!Array.isArray(value)) return [`${place} is no list`];
    return value.flatMap((each, index) => strayFields(each, item, `${place}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${place} is no record`];
  const record = value as Readonly<Record<string, unknown>>;
  const known = new Map(
    Object.entries(type as WireRecord).map(([name, of]) => [name.replace(/\?$/, ""), { name, of }]),
  );
  const unknown = Object.keys(record).filter((name) => !known.has(name));
  const wrong = [...known].flatMap(([plain, { name, of }]) => {
    const [held, at] = [record[plain], `${place}.${plain}`];
    if (held === undefined) return [`${at} is missing`];
    return held === null && name.endsWith("?") ? [] : strayFields(held, of, at);
  });
  return [...unknown.map((name) => `${place}.${name} is not in the table`), ...wrong];
}
