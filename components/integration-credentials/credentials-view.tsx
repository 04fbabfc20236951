"use client";

import { Plug, Plus } from "lucide-react";
import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { PageHead } from "@/components/shell/page-head";
import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { Link } from "@/components/ui/link";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Notice } from "@/components/ui/notice";
import { TabLinks } from "@/components/ui/tab-links";
import { Time } from "@/components/ui/time";
import type { Plan } from "@/generated/prisma/enums";
import { includesApi } from "@/lib/accounts/policy";
import type { CredentialList, CredentialRow } from "@/lib/integration-credentials/queries";
import type { CredentialsQuery } from "@/lib/integration-credentials/schema";
import { Authenticate } from "./authenticate";
import { CredentialDetails } from "./credential-details";

const CredentialDialog = lazyDialog(() => import("./credential-dialog").then((module) => module.CredentialDialog));

export interface CredentialsViewProps {
  readonly space: Space;
  readonly plan: Plan;
  readonly mayChangePlan: boolean;
  readonly list: CredentialList;
  readonly query: CredentialsQuery;
}

/** The account's credentials: as tiles, as a flow chooses among them, and the chosen one in full. */
export function CredentialsView({ space, plan, mayChangePlan, list, query }: CredentialsViewProps) {
  const mayAdd = includesApi(plan);
  const [selected, setSelected] = useState(query.selected ?? list.lastUsed);
  const [resumed, setResumed] = useState(query.resume === "add" ? null : query.resume);
  const [isAdding, setAdding] = useState(query.resume === "add" && mayAdd);
  const { rows, now } = list;
  const chosen = rows.find(({ id }) => id === selected) ?? rows[0];
  const choose = (id: number) => {
    setSelected(id);
    setResumed(null);
  };
  return (
    <>
      <PageHead
        title="Integrations"
        purpose="A credential is what this hub asks another one with, or itself: an API key and an account token, kept for whatever exchanges data."
        action={mayAdd ? <AddMenu onAdd={() => setAdding(true)} /> : undefined}
      />
      <TabLinks
        label="Integrations"
        tabs={[{ label: "Credentials", href: `/${space.token}/integrations/credentials`, current: true }]}
      />
      {!mayAdd && <PlanLacks space={space} mayChangePlan={mayChangePlan} />}
      <Refused rows={rows} now={now} />
      {rows.length === 0 && (
        <p className="mb-5 max-w-[70ch] text-text-2">
          No credentials yet. Add one for each account that data is to come from or go to; it is tried before it is
          saved, and checked every day.
        </p>
      )}
      {(mayAdd || rows.length > 0) && (
        <Authenticate
          rows={rows}
          now={now}
          selected={chosen?.id ?? null}
          onSelect={choose}
          onAdd={mayAdd ? () => setAdding(true) : null}
        />
      )}
      {chosen && <CredentialDetails key={chosen.id} space={space} row={chosen} now={now} resumed={resumed} />}
      {isAdding && (
        <CredentialDialog space={space} row={null} onSaved={({ id }) => choose(id)} onClose={() => setAdding(false)} />
      )}
    </>
  );
}

function AddMenu({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <Menu
      trigger={
        <Button variant="primary" icon={<Plus aria-hidden size={16} strokeWidth={1.75} />}>
          Add
        </Button>
      }
    >
      <MenuItem icon={<Plug aria-hidden size={16} strokeWidth={1.75} />} onSelect={onAdd}>
        Credential
      </MenuItem>
    </Menu>
  );
}

function PlanLacks({ space, mayChangePlan }: Pick<CredentialsViewProps, "space" | "mayChangePlan">) {
  return (
    <Notice tone="warn" className="mb-5">
      The starter plan has no API access, so nothing can exchange data with this account and no credential can be added.
      It needs the professional or premium plan.{" "}
      {mayChangePlan ? (
        <Link href={`/${space.token}/settings`} className="font-medium underline underline-offset-[3px]">
          Change the plan
        </Link>
      ) : (
        "Ask an owner of this account to change it."
      )}
    </Notice>
  );
}

/** What no host lets in any more. */
function Refused({ rows, now }: { readonly rows: readonly CredentialRow[]; readonly now: string }) {
  const refused = rows.filter(({ refusedSince, hasKey }) => refusedSince !== null || !hasKey);
  if (refused.length === 0) return null;
  return (
    <Notice tone="bad" className="mb-5">
      <ul className="grid gap-1">
        {refused.map(({ id, name, refusedSince }) => (
          <li key={id} className="wrap-anywhere">
            <span className="font-medium">“{name}”</span>{" "}
            {refusedSince === null ? (
              "holds no key any more. Replace the key."
            ) : (
              <>
                is refused by its host, first noticed <Time value={refusedSince} style="relative" now={now} plain />.
                Choose it to see why, then replace its key or mend its account token.
              </>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
