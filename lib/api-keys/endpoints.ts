import { defineEndpoint } from "@/lib/public-api/define-endpoint";
import { readNothing } from "@/lib/public-api/stages/parse";
import { findCallingKey } from "./api-queries";
import { presentCallingKey } from "./presenter";

export const getCallingApiKey = defineEndpoint({
  method: "GET",
  path: "/api_key",
  resource: "api_key",
  permission: "apiKeys.self",
  account: "ownAccount",
  input: readNothing,
  run: findCallingKey,
  present: presentCallingKey,
});
