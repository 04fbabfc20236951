import { Breadcrumb } from "@/components/record/record-section";
import { PageHead } from "@/components/shell/page-head";

export interface RecordFormHeadProps {
  /** Where the list of such records stands. */
  readonly listHref: string;
  /** "Vehicles" */
  readonly list: string;
  /** "vehicle" */
  readonly noun: string;
  /** Null = a new one. */
  readonly record: { readonly id: number; readonly name: string } | null;
  /** What a new one needs. */
  readonly purpose: string;
}

/** Above a record's form: the way back, and what is done here. */
export function RecordFormHead({ listHref, list, noun, record, purpose }: RecordFormHeadProps) {
  if (record === null) {
    return (
      <>
        <Breadcrumb href={listHref}>{list}</Breadcrumb>
        <PageHead title={`Add ${noun}`} purpose={purpose} />
      </>
    );
  }
  return (
    <>
      <Breadcrumb href={`${listHref}/${record.id}`}>{record.name}</Breadcrumb>
      <PageHead title={`Edit “${record.name}”`} />
    </>
  );
}
