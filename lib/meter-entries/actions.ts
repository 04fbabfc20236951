"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { addMeterEntryInput, editMeterEntryInput, meterEntryRowInput } from "./schema";
import { createMeterEntry, deleteMeterEntry, editMeterEntry } from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/meter-entries`];

export const createMeterEntryAction = defineAction({
  permission: "meterEntries.write",
  account: "customer",
  input: addMeterEntryInput,
  run: createMeterEntry,
  revalidate,
});
export const editMeterEntryAction = defineAction({
  permission: "meterEntries.write",
  account: "customer",
  input: editMeterEntryInput,
  run: editMeterEntry,
  revalidate,
});
export const deleteMeterEntryAction = defineAction({
  permission: "meterEntries.delete",
  account: "customer",
  input: meterEntryRowInput,
  run: deleteMeterEntry,
  revalidate,
});
