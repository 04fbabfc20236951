import { defineWaitingEndpoint } from "@/lib/public-api/define-waiting-endpoint";
import { readQuery } from "@/lib/public-api/stages/query";
import { listChanges } from "./api-queries";
import { changesShape, presentChanges } from "./presenter";
import { changesQuery, changesRequest } from "./changes-query";

export const getChanges = defineWaitingEndpoint({
  path: "/changes",
  permission: "changes.read",
  account: "customerOrPartner",
  input: readQuery(changesQuery, changesRequest),
  run: listChanges,
  isNews: ({ entries }) => entries.length > 0,
  present: presentChanges,
  shape: changesShape,
});
