"use client";

import { UserPlus } from "lucide-react";
import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { Role } from "@/lib/auth/permissions";

const RoleDialog = lazyDialog(() => import("./role-dialog").then((module) => module.RoleDialog));

export interface InviteMemberProps {
  readonly space: Space;
  readonly viewerRole: Role;
  readonly customers: readonly { readonly name: string; readonly token: string }[];
}

export function InviteMember(props: InviteMemberProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="primary"
        icon={<UserPlus aria-hidden size={16} strokeWidth={1.75} />}
        onClick={() => setOpen(true)}
      >
        Invite
      </Button>
      {open && <RoleDialog {...props} member={null} onClose={() => setOpen(false)} />}
    </>
  );
}
