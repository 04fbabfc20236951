import type { Metadata } from "next";
import { cache, type ReactNode } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { recordHistory, type HistoryRow } from "@/lib/audit-log/queries";
import { mayDo, type Permit } from "@/lib/auth/permit";
import { requireCustomerPermit, requirePermit } from "@/lib/entry/page";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { definitionsOf } from "@/lib/custom-fields/queries";
import { RESOURCES, type FleetPermission, type ImportedNoun } from "@/lib/resources";

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
}

interface Shown<Shape> {
  readonly accountToken: string;
  readonly record: Shape;
  readonly definitions: readonly CustomFieldDefinition[];
  /** Null for a viewer who may not read the audit log. */
  readonly history: readonly HistoryRow[] | null;
}

export interface RecordPageOptions<P extends FleetPermission, Shape, More> {
  readonly noun: ImportedNoun;
  readonly permission: P;
  /** @throws DomainError not_found */
  readonly read: (permit: Permit<P>, id: number) => Promise<Shape>;
  /** What else stands on its page. */
  readonly more?: (accountToken: string, record: Shape) => Promise<More>;
  readonly show: (shown: Shown<Shape> & More) => ReactNode;
}

async function historyOf({ actor }: Permit<FleetPermission>, accountToken: string, type: ImportedNoun, id: number) {
  if (!mayDo(actor, "auditLog.read")) return null;
  return recordHistory(await requirePermit(accountToken, "auditLog.read"), { type, id });
}

/** A record's own page, whose title is its name. */
export function recordPage<
  P extends FleetPermission,
  Shape extends { readonly id: number; readonly name: string },
  More = unknown,
>({ noun, permission, read, more, show }: RecordPageOptions<P, Shape, More>) {
  const recordOf = cache(async (accountToken: string, id: string) => {
    const permit = await requireCustomerPermit(accountToken, permission);
    return { permit, record: await recordAt(id, (recordId) => read(permit, recordId)) };
  });
  const generateMetadata = async ({ params }: PageProps): Promise<Metadata> => {
    const { accountToken, id } = await params;
    return { title: (await recordOf(accountToken, id)).record.name };
  };
  const Page = async ({ params }: PageProps): Promise<ReactNode> => {
    const { accountToken, id } = await params;
    const { permit, record } = await recordOf(accountToken, id);
    const [definitions, history, others] = await Promise.all([
      definitionsOf(permit, RESOURCES[noun].wire),
      historyOf(permit, accountToken, noun, record.id),
      more?.(accountToken, record),
    ]);
    return show({ accountToken, record, definitions, history, ...(others as More) });
  };
  return { generateMetadata, Page };
}
