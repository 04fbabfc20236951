import type { ReactNode } from "react";

import { Breadcrumb } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";
import { requireCustomerPermit } from "@/lib/entry/page";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { definitionsOf } from "@/lib/custom-fields/queries";
import { RESOURCES, type FleetPermission, type ImportedNoun } from "@/lib/resources";

/** What every record's form is handed. */
export interface FormParts {
  readonly accountToken: string;
  readonly definitions: readonly CustomFieldDefinition[];
}

export interface RecordFormPageProps {
  readonly accountToken: string;
  readonly noun: ImportedNoun;
  readonly permission: FleetPermission;
  /** Null = a new one. */
  readonly record: { readonly id: number; readonly name: string } | null;
  /** What a new one needs. */
  readonly purpose?: string;
  readonly form: (parts: FormParts) => ReactNode;
}

/** The page of a record's form, for a new one and for one that exists: the way back, what is done here, and the form. */
export async function RecordFormPage({ accountToken, noun, permission, record, purpose, form }: RecordFormPageProps) {
  const permit = await requireCustomerPermit(accountToken, permission);
  const { one, title, page, wire } = RESOURCES[noun];
  const list = `/${accountToken}/${page}`;
  const back = record === null ? { href: list, to: title } : { href: `${list}/${record.id}`, to: record.name };
  return (
    <>
      <Breadcrumb href={back.href}>{back.to}</Breadcrumb>
      {record === null ? (
        <PageHead title={`Add ${one}`} purpose={purpose} />
      ) : (
        <PageHead title={`Edit “${record.name}”`} />
      )}
      {form({ accountToken, definitions: await definitionsOf(permit, wire) })}
    </>
  );
}
