import { randomUUID } from "node:crypto";

import { camelCase, capitalised } from "@/lib/platform/name-cases";
import { IMPORTED_RECORDS } from "@/lib/resources";
import { exampleOf, fleetNoun } from "@/testing/example-records";

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
/** To this hub, which need not answer. */
const CREDENTIAL = { name: "Some hub", description: "", accountToken: "798819214b", baseUrl: null, unchecked: true };
const SOME_KEY = "some-key-of-a-host";
const KEY = { name: "Some key", apiVersion: "2025-05-05" };

/** What a form sends by each server action, of the records named: those of a fleet where it is more than `fleetInput` says. */
const ACTION_INPUTS: Readonly<Record<string, (named: Named) => Input>> = {
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

  searchContactsAction: search,

  addCredentialAction: () => ({ ...CREDENTIAL, submissionId: randomUUID(), apiKey: SOME_KEY }),
  makeCredentialAction: ({ customer }) => ({
    submissionId: randomUUID(),
    name: "This hub",
    description: "",
    accountToken: customer,
  }),
  makeAnotherCredentialKeyAction: (named) => ({ ...rowAsSeen(named), submissionId: randomUUID() }),
  editCredentialAction: (named) => ({ ...rowAsSeen(named), ...CREDENTIAL, apiKey: null }),
  replaceCredentialKeyAction: (named) => ({ ...rowAsSeen(named), apiKey: SOME_KEY, unchecked: true }),
  checkCredentialAction: rowAsSeen,
  deleteCredentialAction: rowAsSeen,
  regenerateHereAction: ({ id }) => ({ keyId: id, revision: 1 }),

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

  requestSignInLinkAction: () => ({ email: address() }),
  endSessionAction: row,
  endOtherSessionsAction: nothing,
  endAllSessionsAction: nothing,

  createVehicleAssignmentAction: ({ id }) => ({ vehicle_id: id, contact_id: id }),
  editVehicleAssignmentAction: (named) => ({ ...row(named), vehicle_id: named.id, contact_id: named.id }),
  endVehicleAssignmentAction: row,

  createVehicleAction: ({ id }) => ({
    name: "Van",
    primary_meter_unit: "km",
    vehicle_type_id: id,
    vehicle_status_id: id,
    year: 2020,
  }),
  editVehicleAction: (named) => ({ ...row(named), vehicle_type_id: named.id, vehicle_status_id: named.id }),
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

/** By the verbs that every record of a fleet has: the document's examples, and rows. */
function fleetInput(name: string): ((named: Named) => Input) | null {
  const [, verb = "", words = ""] = /^(create|edit|archive|restore|delete)(\w+)Action$/.exec(name) ?? [];
  const noun = fleetNoun(words);
  if (noun === null) return null;
  const ids = ({ id }: Named) => ({ vehicle_id: id, contact_id: id });
  if (verb === "create") return (named) => exampleOf(noun, "POST", ids(named));
  return verb === "edit" ? (named) => ({ ...row(named), ...exampleOf(noun, "PATCH", ids(named)) }) : row;
}

/** What a form sends by the action of this name; null where nobody has said so: a test fails then. */
export function actionInput(name: string): ((named: Named) => Input) | null {
  return ACTION_INPUTS[name] ?? fleetInput(name);
}

/** The names of the actions whose inputs are said one by one. */
export const NAMED_ACTIONS = Object.keys(ACTION_INPUTS);

type Query = (named: Named) => Readonly<Record<string, string>>;

/** The query of a download's address; null where nobody has said so. */
export function downloadQuery(name: string): Query | null {
  const isOfFleet = IMPORTED_RECORDS.some((record) => name === `download${capitalised(camelCase(record))}`);
  return DOWNLOAD_QUERIES[name] ?? (isOfFleet ? () => ({}) : null);
}

const DOWNLOAD_QUERIES: Readonly<Record<string, Query>> = {
  downloadAssignments: ({ id }) => ({ vehicle: String(id), contact: String(id) }),
  downloadAuditLog: ({ id }) => ({ format: "csv", actor: `user:${id}`, record: `apiKey:${id}` }),
  downloadFuelEntries: ({ id }) => ({ vehicle: String(id) }),
  downloadImportReport: ({ id }) => ({ id: String(id) }),
  downloadMeterEntries: ({ id }) => ({ vehicle: String(id) }),
  downloadVehicles: ({ id }) => ({ type: String(id), status: String(id) }),
};

/** The query of each upload's address. */
export const UPLOAD_QUERIES: Readonly<Record<string, Query>> = {
  uploadImportFile: () => ({ record: "vehicles", name: "Vehicles.csv" }),
};
