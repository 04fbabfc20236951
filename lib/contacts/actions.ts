"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { searchInput } from "@/lib/platform/list-view";
import { searchContacts } from "./queries";
import { addContactInput, contactRowInput, editContactInput } from "./schema";
import { archiveContact, createContact, deleteContact, editContact, restoreContact } from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/contacts`];

export const createContactAction = defineAction({
  permission: "contacts.write",
  account: "customer",
  input: addContactInput,
  run: createContact,
  revalidate,
});
export const editContactAction = defineAction({
  permission: "contacts.write",
  account: "customer",
  input: editContactInput,
  run: editContact,
  revalidate,
});
export const archiveContactAction = defineAction({
  permission: "contacts.write",
  account: "customer",
  input: contactRowInput,
  run: archiveContact,
  revalidate,
});
export const restoreContactAction = defineAction({
  permission: "contacts.write",
  account: "customer",
  input: contactRowInput,
  run: restoreContact,
  revalidate,
});
/** Renders nothing anew: the page it is called from may be that of the contact, who is gone. */
export const deleteContactAction = defineAction({
  permission: "contacts.delete",
  account: "customer",
  input: contactRowInput,
  run: deleteContact,
});

/** Changes nothing: finds what a picker offers. */
export const searchContactsAction = defineAction({
  permission: "contacts.read",
  account: "customer",
  input: searchInput,
  run: searchContacts,
});
