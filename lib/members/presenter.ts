import { z } from "zod";

import type { Role } from "@/lib/auth/permissions";
import { idShape, instantShape, nothing, textOrNull } from "@/lib/platform/output-fields";

/** Whom a key stands for: the person that a customer account's key acts for, or a partner's key itself. */
export interface SelfRecord {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  /** Null for a partner's key. */
  readonly role: Role | null;
  readonly membershipId: number | null;
  readonly accountId: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const USER_TYPES = { owner: "owner", administrator: "admin", member: "regular" } as const;

export const selfShape = z.strictObject({
  id: idShape(),
  created_at: instantShape(),
  updated_at: instantShape(),
  account_id: idShape(),
  account_membership_id: idShape().nullable(),
  email: textOrNull(),
  username: textOrNull(),
  name: z.string(),
  first_name: z.string(),
  last_name: textOrNull(),
  user_type: z.enum(["owner", "admin", "regular"]),
  service_user: z.boolean().meta({ description: "True for a partner's key: it acts for itself." }),
  time_zone: z.string(),
  default_image_url: nothing(),
  group_id: nothing(),
  group_name: nothing(),
});

export function presentSelf(self: SelfRecord): z.infer<typeof selfShape> {
  const isService = self.role === null;
  // A key's name is one name, whatever blanks stand in it.
  const [, firstName = self.name, lastName = null] = isService ? [] : (/^(\S+)\s+(.+)$/.exec(self.name) ?? []);
  return {
    id: self.id,
    created_at: self.createdAt.toISOString(),
    updated_at: self.updatedAt.toISOString(),
    account_id: self.accountId,
    account_membership_id: self.membershipId,
    email: self.email,
    username: self.email,
    name: self.name,
    first_name: firstName,
    last_name: lastName,
    // A partner's key is a service user that may do what its scopes say.
    user_type: self.role === null ? "admin" : USER_TYPES[self.role],
    service_user: isService,
    time_zone: "UTC",
    default_image_url: null,
    group_id: null,
    group_name: null,
  };
}
