import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readId } from "@/lib/public-api/stages/parse";
import { accountList, findAccountForKey, listAccountsForKey } from "./api-queries";
import { accountShape, presentAccount } from "./presenter";

export const listAccounts = defineListEndpoint({
  path: "/accounts",
  note: "The accounts that the key reaches; each has the token that `Account-Token` names.",
  permission: "accounts.list",
  account: "ownAccount",
  list: accountList,
  run: listAccountsForKey,
  present: presentAccount,
  shape: accountShape,
});

export const getAccount = defineEndpoint({
  method: "GET",
  path: "/accounts/:id",
  resource: "accounts",
  permission: "accounts.list",
  account: "ownAccount",
  input: readId,
  run: findAccountForKey,
  present: presentAccount,
  shape: accountShape,
});
