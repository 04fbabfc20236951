"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import {
  apiKeyRowInput,
  createApiKeyInput,
  editApiKeyInput,
  regenerateApiKeyInput,
  revokeSelectedInput,
} from "./schema";
import {
  createApiKey,
  editApiKey,
  regenerateApiKey,
  renewApiKey,
  revokeApiKey,
  revokeSelectedApiKeys,
} from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/api-keys`, `/${account.token}/account-tokens`];

export const createApiKeyAction = defineAction({
  permission: "apiKeys.issue",
  input: createApiKeyInput,
  run: createApiKey,
  revalidate,
  whenUnknown:
    "The hub lost its database at that very moment, so it is not known whether the key was made. Press Save again: there will be no second one. If it was made, its token cannot be shown any more: look for the key in the list and regenerate it.",
});
export const editApiKeyAction = defineAction({
  permission: "apiKeys.manage",
  input: editApiKeyInput,
  run: editApiKey,
  revalidate,
});
export const renewApiKeyAction = defineAction({
  permission: "apiKeys.manage",
  input: apiKeyRowInput,
  run: renewApiKey,
  revalidate,
});
export const regenerateApiKeyAction = defineAction({
  permission: "apiKeys.issue",
  input: regenerateApiKeyInput,
  run: regenerateApiKey,
  revalidate,
  whenUnknown:
    "The hub lost its database at that very moment, so it is not known whether the key has a new token. Reload the page and regenerate it once more: a token that was not shown cannot be shown any more, and the old one may have stopped.",
});
export const revokeApiKeyAction = defineAction({
  permission: "apiKeys.manage",
  input: apiKeyRowInput,
  run: revokeApiKey,
  revalidate,
  whenUnknown:
    "The hub lost its database at that very moment, so it is not known whether the key was revoked. Reload the page to see; trying again does no harm.",
});
export const revokeSelectedApiKeysAction = defineAction({
  permission: "apiKeys.manage",
  input: revokeSelectedInput,
  run: revokeSelectedApiKeys,
  revalidate,
  whenUnknown:
    "The hub lost its database meanwhile, so it is not known which of the keys were revoked. Reload the page to see; trying again does no harm.",
});
