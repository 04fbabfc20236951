import { z } from "zod";

import { defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { emptyList, listNothing } from "./api-queries";

/** A resource that connectors ask for and this fleet keeps nothing of: any key may see that it is empty. */
const defineEmptyCollection = (resource: string) =>
  defineListEndpoint({
    path: `/${resource}`,
    permission: "emptyCollections.read",
    account: "customer",
    list: emptyList(resource),
    run: listNothing,
    present: () => ({}),
    shape: z.never(),
  });

export const getIssues = defineEmptyCollection("issues");
export const getServiceEntries = defineEmptyCollection("service_entries");
export const getServiceReminders = defineEmptyCollection("service_reminders");
export const getExpenseEntries = defineEmptyCollection("expense_entries");
export const getParts = defineEmptyCollection("parts");
export const getPurchaseOrders = defineEmptyCollection("purchase_orders");
export const getSubmittedInspectionForms = defineEmptyCollection("submitted_inspection_forms");
export const getVendors = defineEmptyCollection("vendors");
export const getPlaces = defineEmptyCollection("places");
export const getWorkOrders = defineEmptyCollection("work_orders");
export const getFaults = defineEmptyCollection("faults");
export const getLabels = defineEmptyCollection("labels");
export const getGroups = defineEmptyCollection("groups");
export const getUsers = defineEmptyCollection("users");
export const getInspectionForms = defineEmptyCollection("inspection_forms");
export const getVehicleRenewalReminders = defineEmptyCollection("vehicle_renewal_reminders");
