import type { Metadata } from "next";

import { SessionsView } from "@/components/sessions/sessions-view";
import { requireOwnPermit } from "@/lib/entry/page";
import { listSessions } from "@/lib/sign-in/queries";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage() {
  return <SessionsView list={await listSessions(await requireOwnPermit("sessions.own"))} />;
}
