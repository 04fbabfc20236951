import { redirect } from "next/navigation";

import { homeSpace } from "@/lib/accounts/queries";
import { requireOwnPermit } from "@/lib/entry/page";

export default async function ShortcutPage() {
  const token = await homeSpace(await requireOwnPermit("spaces.own"));
  redirect(token === null ? "/" : `/${token}/api-keys`);
}
