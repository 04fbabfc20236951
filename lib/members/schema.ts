import { z } from "zod";

import { recordId } from "@/lib/platform/input-fields";
import { ROLES } from "@/lib/auth/permissions";
import { lineField } from "@/lib/platform/plain-text";
import { emailAddress } from "@/lib/sign-in/schema";

const role = z.enum(ROLES, "Choose owner, administrator or member.");
const id = recordId();

/** The chosen customers' account tokens; null = not limited. */
const customers = z
  .array(z.string().regex(/^[0-9a-f]{10}$/))
  .min(1, "Choose at least one customer.")
  .max(1000)
  .nullable();

export const inviteMemberInput = z.strictObject({ email: emailAddress, role, customers });
export type InviteMemberInput = z.output<typeof inviteMemberInput>;

export const invitationInput = z.strictObject({ id });
export type InvitationInput = z.output<typeof invitationInput>;

/** The first owner of a customer that has none. */
export const inviteOwnerInput = z.strictObject({ customer: z.string().regex(/^[0-9a-f]{10}$/), email: emailAddress });
export type InviteOwnerInput = z.output<typeof inviteOwnerInput>;

export const changeRoleInput = z.strictObject({ membershipId: id, role, customers });
export type ChangeRoleInput = z.output<typeof changeRoleInput>;

export const memberInput = z.strictObject({ membershipId: id });
export type MemberInput = z.output<typeof memberInput>;

export const leaveInput = z.strictObject({});

export const acceptInvitationInput = z.strictObject({
  token: z.string().regex(/^[\w-]{43}$/),
  name: lineField({ subject: "A name", most: 100, blank: "Enter your name." }),
});
export type AcceptInvitationInput = z.output<typeof acceptInvitationInput>;

/** What the queue holds of an invitation to be mailed: no token, which is only made when the mail is. */
export const sendInvitationPayload = z.object({ invitationId: id });

export const memberListQuery = z.object({
  after: z.string().max(500).nullable().catch(null),
  before: z.string().max(500).nullable().catch(null),
});
export type MemberListQuery = z.output<typeof memberListQuery>;
