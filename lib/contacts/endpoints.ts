import { defineCreateEndpoint } from "@/lib/public-api/define-create-endpoint";
import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readChangesOf, readId } from "@/lib/public-api/stages/parse";
import { archivedContactList, contactList, listArchivedContacts, listContacts } from "./api-queries";
import { contactShape, presentContact } from "./presenter";
import { findContact } from "./queries";
import { contactChangesInput, createContactInput } from "./schema";
import { archiveContact, createContacts, deleteContact, editContact, restoreContact, holdContact } from "./service";

export const getContacts = defineListEndpoint({
  path: "/contacts",
  note: "Archived contacts are left out unless `include_archived=1`.",
  permission: "contacts.read",
  account: "customer",
  list: contactList,
  run: listContacts,
  present: presentContact,
  shape: contactShape,
});

export const getArchivedContacts = defineListEndpoint({
  path: "/contacts/archived",
  permission: "contacts.read",
  account: "customer",
  list: archivedContactList,
  run: listArchivedContacts,
  present: presentContact,
  shape: contactShape,
});

export const getContact = defineEndpoint({
  method: "GET",
  path: "/contacts/:id",
  resource: "contacts",
  permission: "contacts.read",
  account: "customer",
  input: readId,
  run: findContact,
  present: presentContact,
  shape: contactShape,
});

export const postContact = defineCreateEndpoint({
  path: "/contacts",
  resource: "contacts",
  permission: "contacts.write",
  account: "customer",
  body: createContactInput,
  example: { first_name: "Dana", last_name: "Reyes", email: "dana@example.com" },
  run: createContacts,
  present: presentContact,
  shape: contactShape,
});

export const patchContact = defineEndpoint({
  method: "PATCH",
  path: "/contacts/:id",
  note: "`archived_at` archives now, whatever date it says; null restores.",
  resource: "contacts",
  permission: "contacts.write",
  account: "customer",
  input: readChangesOf(readId, contactChangesInput, { mobile_phone_number: "+1 555 0100" }),
  held: (tx, permit, { id }) => holdContact(tx, permit, id),
  run: editContact,
  present: presentContact,
  shape: contactShape,
});

export const patchContactArchive = defineEndpoint({
  method: "PATCH",
  path: "/contacts/:id/archive",
  resource: "contacts",
  permission: "contacts.write",
  account: "customer",
  input: readId,
  held: (tx, permit, { id }) => holdContact(tx, permit, id),
  run: archiveContact,
  saysNothing: true,
  present: presentContact,
  shape: contactShape,
});

export const patchContactRestore = defineEndpoint({
  method: "PATCH",
  path: "/contacts/:id/restore",
  resource: "contacts",
  permission: "contacts.write",
  account: "customer",
  input: readId,
  held: (tx, permit, { id }) => holdContact(tx, permit, id),
  run: restoreContact,
  saysNothing: true,
  present: presentContact,
  shape: contactShape,
});

export const removeContact = defineEndpoint({
  method: "DELETE",
  path: "/contacts/:id",
  note: "A contact that has assignments cannot be deleted (422): archive it instead.",
  resource: "contacts",
  permission: "contacts.delete",
  account: "customer",
  input: readId,
  held: (tx, permit, { id }) => holdContact(tx, permit, id),
  run: deleteContact,
  present: ({ name }) => ({ name }),
});
