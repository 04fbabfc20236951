import type { Role } from "@/lib/auth/permissions";

export const ROLE_WORDS: Readonly<Record<Role, { name: string; may: string }>> = {
  owner: { name: "Owner", may: "Everything, also making owners" },
  administrator: { name: "Administrator", may: "API keys, webhooks, members" },
  member: { name: "Member", may: "Sees keys, copies account tokens" },
};

/** Only owners make owners. */
export function grantableRoles(viewer: Role): Role[] {
  return viewer === "owner" ? ["owner", "administrator", "member"] : ["administrator", "member"];
}
