import { z } from "zod";

import { defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { emptyList, listNothing } from "./api-queries";

/** A resource that connectors ask for and this fleet keeps nothing of: any key may see that it is empty. */
const emptyCollection = (resource: string) =>
  defineListEndpoint({
    path: `/${resource}`,
    permission: "emptyCollections.read",
    account: "customer",
    list: emptyList(resource),
    run: listNothing,
    present: () => ({}),
    shape: z.never(),
  });

export const getIssues = emptyCollection("issues");
export const getServiceEntries = emptyCollection("service_entries");
export const getServiceReminders = emptyCollection("service_reminders");
export const getExpenseEntries = emptyCollection("expense_entries");
export const getParts = emptyCollection("parts");
export const getPurchaseOrders = emptyCollection("purchase_orders");
export const getSubmittedInspectionForms = emptyCollection("submitted_inspection_forms");
export const getVendors = emptyCollection("vendors");
export const getPlaces = emptyCollection("places");
export const getWorkOrders = emptyCollection("work_orders");
export const getFaults = emptyCollection("faults");
export const getLabels = emptyCollection("labels");
export const getGroups = emptyCollection("groups");
export const getUsers = emptyCollection("users");
export const getInspectionForms = emptyCollection("inspection_forms");
export const getVehicleRenewalReminders = emptyCollection("vehicle_renewal_reminders");
