import { redirect } from "next/navigation";

import { requirePermit } from "@/lib/entry/page";
import { homePath } from "./space-sections";

/** Where a space opens. */
export default async function SpacePage({ params }: { params: Promise<{ accountToken: string }> }) {
  const { account } = await requirePermit((await params).accountToken, "accounts.open");
  redirect(homePath(account));
}
