import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { defineEndpoint } from "@/lib/public-api/define-endpoint";
import { definePublicEndpoint, defineSignedEndpoint } from "@/lib/public-api/define-public-endpoint";
import { jsonAnswer } from "@/lib/public-api/answer";
import { readBody, readNothing } from "@/lib/public-api/stages/parse";
import { findCallingKey } from "./api-queries";
import { isSignedByScanner, readFindings, receiveFindings, reportLeakedTokens } from "./report-leaked-token";
import { callingKeyShape, presentCallingKey, scanVerdictsShape } from "./presenter";
import { leakReportInput } from "./schema";

export const getCallingApiKey = defineEndpoint({
  method: "GET",
  path: "/api_key",
  named: { summary: "Get the calling key", operationId: "getCallingApiKey" },
  note: "What the key stands for. Never its token.",
  resource: "api_key",
  permission: "apiKeys.self",
  account: "ownAccount",
  input: readNothing,
  run: findCallingKey,
  present: presentCallingKey,
  shape: callingKeyShape,
});

/** The same answer whether or not they existed. */
export const revokeLeakedApiKey = definePublicEndpoint({
  method: "POST",
  path: "/api_keys/revoke_leaked",
  named: { summary: "Revoke a leaked key", operationId: "revokeLeakedApiKey" },
  note: "Whoever holds a token may end it: no other authentication is asked for. One as `token`, up to 1,000 as `tokens`. The answer is the same whether or not they opened a key. A network may report 60 times a minute. The account's administrators are told by e-mail.",
  permission: "apiKeys.reportLeak",
  input: readBody(leakReportInput, { mayHoldSecrets: true, example: { token: "fah_…" } }),
  run: reportLeakedTokens,
  conclude: () => ({ status: 204, headers: {}, body: null }),
});

export const receiveSecretScan = defineSignedEndpoint({
  method: "POST",
  path: "/secret-scanning",
  named: { summary: "Receive a secret scanner's findings", operationId: "receiveSecretScan" },
  note: "For secret-scanning partners, in GitHub's format: the signature over the raw body stands in `Github-Public-Key-Signature`, the key's name in `Github-Public-Key-Identifier`. Every key found is revoked.",
  permission: "apiKeys.reportLeak",
  keys: () => env().SECRET_SCANNING_KEYS,
  isSigned: (keys, body, headers) => {
    const [keyIdentifier = ""] = headers("github-public-key-identifier");
    const [signature = ""] = headers("github-public-key-signature");
    return isSignedByScanner(keys, body, { keyIdentifier, signature });
  },
  refusals: {
    notSetUp: () => new DomainError("not_found", "Secret scanning is not set up here."),
    notSigned: () => new DomainError("forbidden", "The signature does not fit the body and the key named."),
  },
  read: readFindings,
  run: receiveFindings,
  conclude: (verdicts) => jsonAnswer(200, verdicts),
  shape: scanVerdictsShape,
});
