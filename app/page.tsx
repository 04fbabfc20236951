import { redirect } from "next/navigation";

import { EmptyState } from "@/components/ui/empty-state";
import { homeSpace } from "@/lib/accounts/queries";
import { requireOwnPermit } from "@/lib/entry/page";

export default async function HomePage() {
  const token = await homeSpace(await requireOwnPermit("spaces.own"));
  if (token !== null) redirect(`/${token}`);
  return (
    <main className="mx-auto max-w-[640px] p-8">
      <EmptyState title="You belong to no account any more">
        Ask an owner or administrator of the account you look for to invite you again.
      </EmptyState>
    </main>
  );
}
