"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import type { KeyVerb } from "@/lib/api-keys/policy";
import type { ApiKeyDetails } from "@/lib/api-keys/queries";
import { ROW_ACTIONS } from "./api-key-row-actions";
import { ApiKeyVerbDialogs } from "./api-key-verb-dialogs";
import type { Space } from "./space";

export interface ApiKeyPageActionsProps {
  readonly space: Space;
  readonly apiKey: ApiKeyDetails;
  readonly resume: boolean;
}

/** The row's verbs as buttons, on the key's own page. */
export function ApiKeyPageActions({ space, apiKey, resume }: ApiKeyPageActionsProps) {
  const verbs = apiKey.verbs.filter((verb) => ROW_ACTIONS[verb].kind !== "link");
  const [verb, setVerb] = useState<KeyVerb | null>(resume && verbs.includes("regenerate") ? "regenerate" : null);
  return (
    <>
      {verbs.map((offered) => {
        const action = ROW_ACTIONS[offered];
        const dangerous = action.kind === "confirm" && action.tone === "danger";
        return (
          <Button
            key={offered}
            icon={action.icon}
            className={dangerous ? "text-bad" : undefined}
            onClick={() => setVerb(offered)}
          >
            {action.label}
          </Button>
        );
      })}
      <ApiKeyVerbDialogs
        space={space}
        now={apiKey.now}
        chosen={verb === null ? null : { verb, row: apiKey }}
        onClose={() => setVerb(null)}
      />
    </>
  );
}
