"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction, definePublicAction } from "@/lib/entry/action";
import {
  acceptInvitationInput,
  changeRoleInput,
  invitationInput,
  inviteMemberInput,
  inviteOwnerInput,
  leaveInput,
  memberInput,
} from "./schema";
import { inviteOwner } from "./invite-owner";
import { acceptInvitation, inviteMember, resendInvitation, withdrawInvitation } from "./invite-member";
import { changeRole, leaveAccount, removeMember } from "./service";

const revalidate = (account: AccountRef) => [`/${account.token}/members`];

export const inviteMemberAction = defineAction({
  permission: "members.invite",
  input: inviteMemberInput,
  run: inviteMember,
  revalidate,
});
export const inviteOwnerAction = defineAction({
  permission: "customers.inviteOwner",
  input: inviteOwnerInput,
  run: inviteOwner,
  revalidate: (account) => [`/${account.token}/customers`],
});
export const resendInvitationAction = defineAction({
  permission: "members.invite",
  input: invitationInput,
  run: resendInvitation,
  revalidate,
});
export const withdrawInvitationAction = defineAction({
  permission: "members.manage",
  input: invitationInput,
  run: withdrawInvitation,
  revalidate,
});
export const changeRoleAction = defineAction({
  permission: "members.changeRole",
  input: changeRoleInput,
  run: changeRole,
  revalidate,
});
export const removeMemberAction = defineAction({
  permission: "members.remove",
  input: memberInput,
  run: removeMember,
  revalidate,
});
export const leaveAccountAction = defineAction({ permission: "members.leave", input: leaveInput, run: leaveAccount });
export const acceptInvitationAction = definePublicAction({
  permission: "invitations.accept",
  input: acceptInvitationInput,
  run: acceptInvitation,
});
