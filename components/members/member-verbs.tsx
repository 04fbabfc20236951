"use client";

import { LogOut, UserCog, UserMinus } from "lucide-react";
import { useRouter } from "next/navigation";

import type { Space } from "@/components/api-keys/space";
import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { leaveAccountAction, removeMemberAction } from "@/lib/members/actions";
import type { MemberVerb } from "@/lib/members/policy";
import type { MemberRow } from "@/lib/members/queries";
import type { InviteMemberProps } from "./invite-member";

const RoleDialog = lazyDialog(() => import("./role-dialog").then((module) => module.RoleDialog));

/** What becomes of the keys, said before it happens. */
function keysSentence(row: MemberRow, isPartner: boolean): string {
  if (row.activeKeys === 0) return "No active key of this account is theirs.";
  const keys = row.activeKeys === 1 ? "1 active key" : `${row.activeKeys} active keys`;
  return isPartner
    ? `The ${keys} they created go on and are flagged: regenerate those whose token they may still have.`
    : `The ${keys} they created stop at once, for good: requests with them will fail. Inviting the person again revives none.${credentialsSentence(row)}`;
}

/** What of this hub itself stops with the keys. */
function credentialsSentence({ credentialsOfKeys: count }: MemberRow): string {
  if (count === 0) return "";
  return count === 1
    ? " 1 credential under Integrations holds one of them, and is refused from then on: replace its key."
    : ` ${count} credentials under Integrations hold them, and are refused from then on: replace their keys.`;
}

function departure(space: Space, row: MemberRow, who: string, confirmLabel: string) {
  return {
    consequence: `${who} access at once, in every open tab. ${keysSentence(row, space.kind === "partner")}`,
    confirmLabel,
    cancelLabel: "Cancel",
    signIn: <FreshSignInPanel space={space} next={`/${space.token}/members`} button={confirmLabel} />,
  };
}

/** What is done with members, oneself among them. */
export function useMemberVerbs(props: InviteMemberProps) {
  const { space } = props;
  const router = useRouter();
  const looks: VerbLooks<MemberVerb, MemberRow> = {
    changeRole: {
      kind: "dialog",
      label: "Change role",
      icon: UserCog,
      dialog: (row, onClose) => <RoleDialog {...props} member={row} onClose={onClose} />,
    },
    remove: {
      kind: "confirm",
      label: "Remove",
      icon: UserMinus,
      tone: "danger",
      ask: (row) => ({
        title: `Remove ${row.name}?`,
        ...departure(space, row, `${row.name} loses`, "Remove member"),
        perform: () =>
          outcomeOf(removeMemberAction(space.token, { membershipId: row.membershipId }), () => ({
            title: `${row.name} removed`,
            description: "Access ended with the next request.",
          })),
      }),
    },
    leave: {
      kind: "confirm",
      label: "Leave",
      icon: LogOut,
      tone: "danger",
      ask: (row) => ({
        title: "Leave this account?",
        ...departure(space, row, "You lose", "Leave account"),
        perform: () => outcomeOf(leaveAccountAction(space.token, {}), () => null),
      }),
      onDone: () => router.push("/"),
    },
  };
  return useVerbs(looks, (row) => row.name);
}
