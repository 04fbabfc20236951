import { defineEndpoint } from "@/lib/public-api/define-endpoint";
import { readNothing } from "@/lib/public-api/stages/parse";
import { findSelf } from "./api-queries";
import { presentSelf, selfShape } from "./presenter";

export const getSelf = defineEndpoint({
  method: "GET",
  path: "/users/me",
  named: { summary: "Get the calling user", operationId: "getCallingUser" },
  resource: "users",
  permission: "users.self",
  account: "ownAccount",
  input: readNothing,
  run: findSelf,
  present: presentSelf,
  shape: selfShape,
});
