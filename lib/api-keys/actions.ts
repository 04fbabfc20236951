"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/auth/define-action";
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
});
export const revokeApiKeyAction = defineAction({
  permission: "apiKeys.manage",
  input: apiKeyRowInput,
  run: revokeApiKey,
  revalidate,
});
export const revokeSelectedApiKeysAction = defineAction({
  permission: "apiKeys.manage",
  input: revokeSelectedInput,
  run: revokeSelectedApiKeys,
  revalidate,
});
