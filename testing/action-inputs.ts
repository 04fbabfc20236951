import { randomUUID } from "node:crypto";

/** The records and customers that an input names. */
export interface Named {
  readonly id: number;
  readonly customer: string;
}

type Input = Readonly<Record<string, unknown>>;

const row = ({ id }: Named): Input => ({ id });
const rowAsSeen = ({ id }: Named): Input => ({ id, revision: 1 });
const ofCustomer = ({ customer }: Named): Input => ({ customer });
const nothing = (): Input => ({});
const search = (): Input => ({ q: "canary" });
const address = () => `somebody-${randomUUID()}@example.com`;

const WEBHOOK = {
  url: "https://example.com/hook",
  description: "",
  allEvents: true,
  events: [],
  apiVersion: "2025-05-05",
};
const KEY = { name: "Some key", apiVersion: "2025-05-05" };

/** What a form sends by each server action that there is, of the records named: a test fails where one is missing. */
export const ACTION_INPUTS: Readonly<Record<string, (named: Named) => Input>> = {
  addCustomerAction: () => ({ name: `Customer ${randomUUID()}`, plan: "premium", ownerEmail: address() }),
  changeCustomerPlanAction: ({ customer }) => ({ customer, plan: "premium" }),
  deactivateCustomerAction: ofCustomer,
  reactivateCustomerAction: ofCustomer,
  changePlanAction: () => ({ plan: "premium" }),

  createApiKeyAction: ({ customer }) => ({
    ...KEY,
    submissionId: randomUUID(),
    expiry: { kind: "months", months: 12 },
    scopes: ["vehicles.read"],
    customers: [customer],
    allowedIps: [],
  }),
  editApiKeyAction: (named) => ({ ...rowAsSeen(named), ...KEY }),
  renewApiKeyAction: rowAsSeen,
  regenerateApiKeyAction: (named) => ({ ...rowAsSeen(named), overlap: "none" }),
  revokeApiKeyAction: rowAsSeen,
  revokeSelectedApiKeysAction: ({ id }) => ({ ids: [id] }),

  createContactAction: () => ({ first_name: "Ada" }),
  editContactAction: (named) => ({ ...row(named), first_name: "Ada" }),
  archiveContactAction: row,
  restoreContactAction: row,
  deleteContactAction: row,
  searchContactsAction: search,

  createCustomFieldAction: () => ({
    recordType: "vehicle",
    label: "Depot",
    dataType: "text",
    required: false,
    choices: [],
  }),
  editCustomFieldAction: (named) => ({ ...row(named), label: "Depot", required: false, choices: [] }),
  moveCustomFieldAction: (named) => ({ ...row(named), direction: "up" }),
  deleteCustomFieldAction: row,
  countCustomFieldValuesAction: row,

  createFuelEntryAction: ({ id }) => ({ vehicle_id: id, date: "2026-11-01T10:00:00Z", liters: "10" }),
  editFuelEntryAction: (named) => ({ ...row(named), vehicle_id: named.id }),
  deleteFuelEntryAction: row,

  startImportAction: (named) => ({ ...row(named), columns: ["name"] }),

  inviteMemberAction: ({ customer }) => ({ email: address(), role: "member", customers: [customer] }),
  inviteOwnerAction: ({ customer }) => ({ customer, email: address() }),
  resendInvitationAction: row,
  withdrawInvitationAction: row,
  changeRoleAction: ({ id, customer }) => ({ membershipId: id, role: "member", customers: [customer] }),
  removeMemberAction: ({ id }) => ({ membershipId: id }),
  leaveAccountAction: nothing,
  acceptInvitationAction: () => ({ token: "a".repeat(43), name: "Ada" }),

  createMeterEntryAction: ({ id }) => ({ vehicle_id: id, value: "10", date: "2026-11-01" }),
  editMeterEntryAction: (named) => ({ ...row(named), vehicle_id: named.id }),
  deleteMeterEntryAction: row,

  requestSignInLinkAction: () => ({ email: address() }),
  endSessionAction: row,
  endOtherSessionsAction: nothing,
  endAllSessionsAction: nothing,

  createVehicleAssignmentAction: ({ id }) => ({ vehicle_id: id, contact_id: id }),
  editVehicleAssignmentAction: (named) => ({ ...row(named), vehicle_id: named.id, contact_id: named.id }),
  endVehicleAssignmentAction: row,
  deleteVehicleAssignmentAction: row,

  createVehicleAction: ({ id }) => ({
    name: "Van",
    primary_meter_unit: "km",
    vehicle_type_id: id,
    vehicle_status_id: id,
    year: 2020,
  }),
  editVehicleAction: (named) => ({ ...row(named), vehicle_type_id: named.id, vehicle_status_id: named.id }),
  archiveVehicleAction: row,
  restoreVehicleAction: row,
  deleteVehicleAction: row,
  searchVehiclesAction: search,

  createWebhookAction: () => ({ ...WEBHOOK, submissionId: randomUUID(), authorization: null }),
  editWebhookAction: (named) => ({ ...rowAsSeen(named), ...WEBHOOK }),
  enableWebhookAction: rowAsSeen,
  disableWebhookAction: rowAsSeen,
  deleteWebhookAction: rowAsSeen,
  sendTestEventAction: rowAsSeen,
  revealWebhookSecretAction: rowAsSeen,
  rotateWebhookSecretAction: rowAsSeen,
  redeliverAction: row,
  redeliverFailedAction: (named) => ({ ...row(named), since: "2026-11-01T00:00:00.000Z" }),
  countFailedSinceAction: (named) => ({ ...row(named), since: "2026-11-01T00:00:00.000Z" }),
};

/** The query of each download's address. */
export const DOWNLOAD_QUERIES: Readonly<Record<string, (named: Named) => Readonly<Record<string, string>>>> = {
  downloadAssignments: ({ id }) => ({ vehicle: String(id), contact: String(id) }),
  downloadAuditLog: ({ id }) => ({ format: "csv", actor: `user:${id}`, record: `apiKey:${id}` }),
  downloadContacts: () => ({}),
  downloadFuelEntries: ({ id }) => ({ vehicle: String(id) }),
  downloadImportReport: ({ id }) => ({ id: String(id) }),
  downloadMeterEntries: ({ id }) => ({ vehicle: String(id) }),
  downloadVehicles: ({ id }) => ({ type: String(id), status: String(id) }),
};

/** The query of each upload's address. */
export const UPLOAD_QUERIES: Readonly<Record<string, (named: Named) => Readonly<Record<string, string>>>> = {
  uploadImportFile: () => ({ record: "vehicles", name: "Vehicles.csv" }),
};
