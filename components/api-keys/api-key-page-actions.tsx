"use client";

import type { ApiKeyDetails } from "@/lib/api-keys/queries";
import { useApiKeyVerbs } from "./api-key-verbs";
import type { Space } from "./space";

export interface ApiKeyPageActionsProps {
  readonly space: Space;
  readonly apiKey: ApiKeyDetails;
  readonly resume: boolean;
}

/** The row's verbs as buttons, on the key's own page. */
export function ApiKeyPageActions({ space, apiKey, resume }: ApiKeyPageActionsProps) {
  const row = { ...apiKey, verbs: apiKey.verbs.filter((verb) => verb !== "viewDetails") };
  const verbs = useApiKeyVerbs(space, apiKey.now, resume ? { verb: "regenerate", row } : null);
  return (
    <>
      {verbs.pageActions(row, row.verbs)}
      {verbs.dialog}
    </>
  );
}
