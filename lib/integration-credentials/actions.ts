"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import {
  addCredentialInput,
  credentialRowInput,
  editCredentialInput,
  makeAnotherKeyInput,
  makeCredentialInput,
  regenerateHereInput,
  replaceCredentialKeyInput,
} from "./schema";
import {
  addCredential,
  checkCredential,
  deleteCredential,
  editCredential,
  makeAnotherKey,
  makeCredential,
  regenerateHere,
  replaceCredentialKey,
} from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/integrations/credentials`];
const withKeys = (account: AccountRef) => [...revalidate(account), `/${account.token}/api-keys`];

export const addCredentialAction = defineAction({
  permission: "credentials.keep",
  input: addCredentialInput,
  secretField: "apiKey",
  run: addCredential,
  revalidate,
});
export const makeCredentialAction = defineAction({
  permission: "credentials.keep",
  input: makeCredentialInput,
  run: makeCredential,
  revalidate: withKeys,
});
export const editCredentialAction = defineAction({
  permission: "credentials.manage",
  input: editCredentialInput,
  secretField: "apiKey",
  run: editCredential,
  revalidate,
});
export const replaceCredentialKeyAction = defineAction({
  permission: "credentials.keep",
  input: replaceCredentialKeyInput,
  secretField: "apiKey",
  run: replaceCredentialKey,
  revalidate,
});
export const makeAnotherCredentialKeyAction = defineAction({
  permission: "credentials.keep",
  input: makeAnotherKeyInput,
  run: makeAnotherKey,
  revalidate: withKeys,
});
export const regenerateHereAction = defineAction({
  permission: "credentials.keep",
  input: regenerateHereInput,
  run: regenerateHere,
  revalidate: withKeys,
});
export const checkCredentialAction = defineAction({
  permission: "credentials.manage",
  input: credentialRowInput,
  run: checkCredential,
  revalidate,
});
export const deleteCredentialAction = defineAction({
  permission: "credentials.manage",
  input: credentialRowInput,
  run: deleteCredential,
  revalidate,
});
