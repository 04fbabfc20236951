"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { addCustomerInput, changeCustomerPlanInput, changePlanInput, customerInput } from "./schema";
import { addCustomer, changeCustomerPlan, changePlan, deactivateCustomer, reactivateCustomer } from "./service";

const ofCustomers = {
  permission: "customers.manage",
  revalidate: (account: AccountRef) => [`/${account.token}/customers`],
} as const;

export const addCustomerAction = defineAction({ ...ofCustomers, input: addCustomerInput, run: addCustomer });
export const changeCustomerPlanAction = defineAction({
  ...ofCustomers,
  input: changeCustomerPlanInput,
  run: changeCustomerPlan,
});
export const deactivateCustomerAction = defineAction({ ...ofCustomers, input: customerInput, run: deactivateCustomer });
export const reactivateCustomerAction = defineAction({ ...ofCustomers, input: customerInput, run: reactivateCustomer });
export const changePlanAction = defineAction({
  permission: "accounts.changePlan",
  input: changePlanInput,
  run: changePlan,
  revalidate: (account) => [`/${account.token}/settings`],
});
