import type { Metadata } from "next";

import { spaceOf } from "@/app/[accountToken]/space-of";
import { MembersView } from "@/components/members/members-view";
import { listGrantableCustomers } from "@/lib/accounts/queries";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";
import { listMembers, listPendingInvitations } from "@/lib/members/queries";
import { memberListQuery } from "@/lib/members/schema";

export const metadata: Metadata = { title: "Members" };

interface PageProps {
  params: Promise<{ accountToken: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function MembersPage({ params, searchParams }: PageProps) {
  const { accountToken } = await params;
  const permit = await requirePermit(accountToken, "members.read");
  const mayManage = mayDo(permit.actor, "members.manage");
  const [list, invitations, customers, space] = await Promise.all([
    listMembers(permit, memberListQuery.parse(await searchParams)),
    mayManage ? requirePermit(accountToken, "members.manage").then(listPendingInvitations) : null,
    mayManage ? requirePermit(accountToken, "apiKeys.read").then(listGrantableCustomers) : [],
    spaceOf(permit),
  ]);
  const viewerRole = permit.actor.kind === "user" ? permit.actor.role : "member";
  return (
    <MembersView space={space} viewerRole={viewerRole} list={list} invitations={invitations} customers={customers} />
  );
}
