"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { addFuelEntryInput, editFuelEntryInput, fuelEntryRowInput } from "./schema";
import { createFuelEntry, deleteFuelEntry, editFuelEntry } from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/fuel-entries`];

export const createFuelEntryAction = defineAction({
  permission: "fuelEntries.write",
  account: "customer",
  input: addFuelEntryInput,
  run: createFuelEntry,
  revalidate,
});
export const editFuelEntryAction = defineAction({
  permission: "fuelEntries.write",
  account: "customer",
  input: editFuelEntryInput,
  run: editFuelEntry,
  revalidate,
});
export const deleteFuelEntryAction = defineAction({
  permission: "fuelEntries.delete",
  account: "customer",
  input: fuelEntryRowInput,
  run: deleteFuelEntry,
  revalidate,
});
