"use client";

import { Ellipsis, LogOut, UserCog, UserMinus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";

import type { DataColumn } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";
import { noAnswer } from "@/components/form/no-answer";
import { IconButton } from "@/components/ui/icon-button";
import { LateConfirmDialog } from "@/components/ui/late-confirm-dialog";
import { lateDialog } from "@/components/ui/late-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toaster";
import type { ActionError } from "@/lib/auth/define-action";
import { leaveAccountAction, removeMemberAction } from "@/lib/members/actions";
import type { MemberVerb } from "@/lib/members/policy";
import type { MemberList, MemberRow } from "@/lib/members/queries";
import type { InviteMemberProps } from "./invite-member";
import { ROLE_WORDS } from "./role-words";

const RoleDialog = lateDialog(() => import("./role-dialog").then((module) => module.RoleDialog));

export interface MembersTableProps extends InviteMemberProps {
  readonly list: MemberList;
}

function memberColumns(isPartner: boolean, isLimited: boolean, now: string): readonly DataColumn<MemberRow>[] {
  return [
    {
      id: "name",
      header: "Name",
      cell: (row) => (
        <>
          <span className="block font-medium wrap-anywhere">{row.isSelf ? `${row.name} (you)` : row.name}</span>
          <span className="text-12 font-normal wrap-anywhere text-text-3">{row.email}</span>
        </>
      ),
    },
    { id: "role", header: "Role", cell: (row) => ROLE_WORDS[row.role].name },
    ...(isPartner
      ? [
          {
            id: "customers",
            header: "Customers",
            cardLabel: "Customers",
            cell: (row: MemberRow) =>
              row.customers === null ? (
                "All"
              ) : (
                <span className="whitespace-normal">
                  {row.customers.map(({ name }) => name).join(", ") || (isLimited ? "None of yours" : "None")}
                </span>
              ),
          },
        ]
      : []),
    { id: "keys", header: "Active keys", align: "end", hideOnCard: true, cell: (row) => row.activeKeys },
    {
      id: "seen",
      header: "Last seen",
      cardLabel: "Last seen",
      cell: (row) => <Time value={row.lastSeenAt} style="relative" now={now} />,
    },
    {
      id: "since",
      header: "Member since",
      hideOnCard: true,
      cell: (row) => <Time value={row.memberSince} style="date" />,
    },
  ];
}

const VERBS: Readonly<Record<MemberVerb, { label: string; icon: React.ReactNode; tone?: "danger" }>> = {
  changeRole: { label: "Change role", icon: <UserCog aria-hidden size={16} strokeWidth={1.75} /> },
  remove: { label: "Remove", icon: <UserMinus aria-hidden size={16} strokeWidth={1.75} />, tone: "danger" },
  leave: { label: "Leave", icon: <LogOut aria-hidden size={16} strokeWidth={1.75} />, tone: "danger" },
};

/** What becomes of the keys, said before it happens. */
function keysSentence(row: MemberRow, isPartner: boolean): string {
  if (row.activeKeys === 0) return "No active key of this account is theirs.";
  const keys = row.activeKeys === 1 ? "1 active key" : `${row.activeKeys} active keys`;
  return isPartner
    ? `The ${keys} they created go on and are flagged: regenerate those whose token they may still have.`
    : `The ${keys} they created stop at once, for good: requests with them will fail. Inviting the person again revives none.`;
}

const NO_ANSWER = {
  code: "unexpected" as const,
  message: "The answer did not arrive. Reload the page to see whether it was done.",
};

function DepartureDialog({
  space,
  row,
  verb,
  onClose,
}: {
  space: MembersTableProps["space"];
  row: MemberRow;
  verb: "remove" | "leave";
  onClose: () => void;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Pick<ActionError, "code" | "message"> | null>(null);
  const isStale = refusal?.code === "fresh_sign_in_required";
  const leaving = verb === "leave";
  const perform = async () => {
    setBusy(true);
    const asked = leaving
      ? leaveAccountAction(space.token, {})
      : removeMemberAction(space.token, { membershipId: row.membershipId });
    const answer = await asked.catch(noAnswer);
    setBusy(false);
    if (!answer?.ok) return setRefusal(answer?.error ?? NO_ANSWER);
    if (leaving) return router.push("/");
    toast({ title: `${row.name} removed`, description: "Access ended with the next request." });
    onClose();
  };
  return (
    <LateConfirmDialog
      open
      title={leaving ? "Leave this account?" : `Remove ${row.name}?`}
      consequence={`${leaving ? "You lose" : `${row.name} loses`} access at once, in every open tab. ${keysSentence(row, space.kind === "partner")}`}
      confirmLabel={leaving ? "Leave account" : "Remove member"}
      cancelLabel="Cancel"
      busy={busy}
      error={isStale ? null : refusal?.message}
      onConfirm={() => void perform()}
      onClose={onClose}
    >
      {isStale && (
        <FreshSignInPanel
          email={space.viewer.email}
          next={`/${space.token}/members`}
          outbox={space.outbox}
          singleSignOn={space.singleSignOn}
          button="Remove member"
        />
      )}
    </LateConfirmDialog>
  );
}

export function MembersTable({ space, viewerRole, customers, list }: MembersTableProps) {
  const href = useListHref();
  const isPartner = space.kind === "partner";
  const isLimited = space.viewer.limited;
  const columns = useMemo(() => memberColumns(isPartner, isLimited, list.now), [isPartner, isLimited, list.now]);
  const [chosen, setChosen] = useState<{ verb: MemberVerb; row: MemberRow } | null>(null);
  const close = () => setChosen(null);
  return (
    <>
      <DataTable
        label="Members"
        columns={columns}
        rows={list.rows}
        rowId={(row) => String(row.membershipId)}
        rowName={(row) => row.name}
        rowActions={(row) =>
          row.verbs.length > 0 && (
            <Menu
              trigger={
                <IconButton
                  label={`More actions for ${row.name}`}
                  icon={<Ellipsis aria-hidden size={16} strokeWidth={1.75} />}
                />
              }
            >
              {row.verbs.map((verb) => (
                <MenuItem
                  key={verb}
                  icon={VERBS[verb].icon}
                  tone={VERBS[verb].tone}
                  onSelect={() => setChosen({ verb, row })}
                >
                  {VERBS[verb].label}
                </MenuItem>
              ))}
            </Menu>
          )
        }
        footer={
          list.previous !== null || list.next !== null ? (
            <Pager
              summary=""
              previousHref={list.previous === null ? null : href({ before: list.previous })}
              nextHref={list.next === null ? null : href({ after: list.next })}
            />
          ) : null
        }
      />
      {chosen?.verb === "changeRole" && (
        <RoleDialog space={space} viewerRole={viewerRole} customers={customers} member={chosen.row} onClose={close} />
      )}
      {(chosen?.verb === "remove" || chosen?.verb === "leave") && (
        <DepartureDialog space={space} row={chosen.row} verb={chosen.verb} onClose={close} />
      )}
    </>
  );
}
