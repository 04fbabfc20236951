import { defineWaitingEndpoint } from "@/lib/public-api/define-waiting-endpoint";
import { readQuery } from "@/lib/public-api/stages/query";
import { listChanges } from "./api-queries";
import { changesShape, presentChanges } from "./presenter";
import { changesQuery, changesRequest } from "./changes-query";

export const getChanges = defineWaitingEndpoint({
  path: "/changes",
  named: { summary: "Follow what changes", operationId: "followChanges" },
  note: "What was changed in the account, in the order in which it was committed and without a gap: nothing is lost however long a change took. A record is told of by each change of its own fields; read it anew by its id. What the key may not read is left out. Walk the lists once, then follow from the `X-Change-Sequence` of a list's first page.",
  permission: "changes.read",
  account: "customerOrPartner",
  input: readQuery(changesQuery, changesRequest),
  run: listChanges,
  isNews: ({ entries }) => entries.length > 0,
  present: presentChanges,
  shape: changesShape,
});
