"use server";

import { defineAction } from "@/lib/auth/define-action";
import { searchInput } from "@/lib/platform/list-view";
import { searchContacts } from "./queries";

/** Changes nothing: finds what a picker offers. */
export const searchContactsAction = defineAction({
  permission: "contacts.read",
  account: "customer",
  input: searchInput,
  run: searchContacts,
});
