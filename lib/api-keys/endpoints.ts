import { defineEndpoint } from "@/lib/public-api/define-endpoint";
import { definePublicEndpoint } from "@/lib/public-api/define-public-endpoint";
import { jsonAnswer } from "@/lib/public-api/answer";
import { readBody, readNothing, readSigned } from "@/lib/public-api/stages/parse";
import { findCallingKey } from "./api-queries";
import { receiveScan, reportLeakedToken } from "./leak-reports";
import { callingKeyShape, presentCallingKey, scanVerdictsShape } from "./presenter";
import { leakReportInput } from "./schema";

export const getCallingApiKey = defineEndpoint({
  method: "GET",
  path: "/api_key",
  resource: "api_key",
  permission: "apiKeys.self",
  account: "ownAccount",
  input: readNothing,
  run: findCallingKey,
  present: presentCallingKey,
  shape: callingKeyShape,
});

/** The same answer whether or not it existed. */
export const revokeLeakedApiKey = definePublicEndpoint({
  method: "POST",
  path: "/api_keys/revoke_leaked",
  permission: "apiKeys.reportLeak",
  input: readBody(leakReportInput, { mayHoldSecrets: true }),
  run: reportLeakedToken,
  conclude: () => ({ status: 204, headers: {}, body: null }),
});

export const receiveSecretScan = definePublicEndpoint({
  method: "POST",
  path: "/secret-scanning",
  permission: "apiKeys.reportLeak",
  input: readSigned("github-public-key-identifier", "github-public-key-signature"),
  run: receiveScan,
  conclude: (verdicts) => jsonAnswer(200, verdicts),
  shape: scanVerdictsShape,
});
