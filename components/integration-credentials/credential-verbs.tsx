"use client";

import { KeyRound, Pencil, RefreshCw, Replace, ShieldCheck, Trash2 } from "lucide-react";

import type { Space } from "@/components/api-keys/space";
import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLook, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { toast } from "@/components/ui/toaster";
import { checkCredentialAction, deleteCredentialAction } from "@/lib/integration-credentials/actions";
import type { CredentialVerb } from "@/lib/integration-credentials/policy";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { sayHost, sayStatus } from "./credential-words";

const CredentialDialog = lazyDialog(() => import("./credential-dialog").then((module) => module.CredentialDialog));
const ReplaceKeyDialog = lazyDialog(() => import("./replace-key-dialog").then((module) => module.ReplaceKeyDialog));
const RegenerateHereDialog = lazyDialog(() =>
  import("./regenerate-here-dialog").then((module) => module.RegenerateHereDialog),
);

const MakeAnotherDialog = lazyDialog(() => import("./make-another-dialog").then((module) => module.MakeAnotherDialog));

const idOf = ({ id, revision }: CredentialRow) => ({ id, revision });

async function check(space: Space, row: CredentialRow): Promise<void> {
  toast({ title: `Checking “${row.name}”…` });
  const outcome = await outcomeOf(checkCredentialAction(space.token, idOf(row)), ({ name, status, reason }) => ({
    title: `“${name}” was checked: ${sayStatus(status)}`,
    ...(reason !== null && { description: reason }),
  }));
  if ("toast" in outcome) return void (outcome.toast && toast(outcome.toast));
  const { said } = outcome.refused;
  toast({ title: `“${row.name}” was not checked`, ...(typeof said === "string" && { description: said }) });
}

function deleteLook(space: Space): VerbLook<CredentialRow> {
  return {
    kind: "confirm",
    label: "Delete",
    icon: Trash2,
    tone: "danger",
    ask: (row) => ({
      title: `Delete “${row.name}”?`,
      consequence: `Its key is gone from here for good. At ${row.baseUrl === null ? "this hub" : sayHost(row)} the key itself goes on: revoke it there if nothing else uses it.`,
      confirmLabel: "Delete credential",
      cancelLabel: "Keep credential",
      perform: () =>
        outcomeOf(deleteCredentialAction(space.token, idOf(row)), ({ name }) => ({ title: `“${name}” deleted` })),
    }),
  };
}

/** What is done with credentials. */
export function useCredentialVerbs(space: Space, resumed?: { verb: CredentialVerb; row: CredentialRow } | null) {
  const looks: VerbLooks<CredentialVerb, CredentialRow> = {
    check: { kind: "act", label: "Check now", icon: ShieldCheck, act: (row) => void check(space, row) },
    replaceKey: {
      kind: "dialog",
      label: "Replace key…",
      icon: Replace,
      dialog: (row, onClose) => <ReplaceKeyDialog space={space} row={row} onClose={onClose} />,
    },
    regenerate: {
      kind: "dialog",
      label: "Regenerate and update here",
      icon: RefreshCw,
      dialog: (row, onClose) =>
        row.ownKey && (
          <RegenerateHereDialog
            space={space}
            ownKey={row.ownKey}
            next={`/${space.token}/integrations/credentials?resume=regenerate&selected=${row.id}`}
            onClose={onClose}
          />
        ),
    },
    makeAnother: {
      kind: "dialog",
      label: "Make another key…",
      icon: KeyRound,
      dialog: (row, onClose) => <MakeAnotherDialog space={space} row={row} onClose={onClose} />,
    },
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => <CredentialDialog space={space} row={row} onClose={onClose} />,
    },
    delete: deleteLook(space),
  };
  return useVerbs(looks, (row) => row.name, resumed);
}
