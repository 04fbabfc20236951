import { PageHead } from "@/components/shell/page-head";
import { NavigationProvider } from "@/components/ui/navigation";
import type { InvitationRow } from "@/lib/members/queries";
import { InviteMember } from "./invite-member";
import { MembersTable, type MembersTableProps } from "./members-table";
import { PendingInvitations } from "./pending-invitations";

export interface MembersViewProps extends MembersTableProps {
  /** Null for a viewer who may not invite. */
  readonly invitations: readonly InvitationRow[] | null;
}

export function MembersView({ invitations, ...table }: MembersViewProps) {
  const { space, viewerRole, customers } = table;
  return (
    <>
      <PageHead
        title="Members"
        purpose="The people of this account and what they may do. A change counts at their next request."
        action={
          invitations !== null ? (
            <InviteMember space={space} viewerRole={viewerRole} customers={customers} />
          ) : undefined
        }
      />
      <NavigationProvider>
        <MembersTable {...table} />
      </NavigationProvider>
      {invitations !== null && <PendingInvitations space={space} invitations={invitations} />}
    </>
  );
}
