import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import type { CustomRecordType } from "@/generated/prisma/enums";
import type { CustomFieldIndex } from "@/lib/custom-fields/queries";
import { AddCustomField } from "./add-custom-field";
import { CustomFieldsTable } from "./custom-fields-table";
import { CUSTOMISED_RECORDS, customisedResource } from "@/lib/resources";

export interface CustomFieldsViewProps {
  readonly accountToken: string;
  /** The record type shown; null = all. */
  readonly record: CustomRecordType | null;
  readonly index: CustomFieldIndex;
}

export function CustomFieldsView({ accountToken, record, index }: CustomFieldsViewProps) {
  const add = <AddCustomField accountToken={accountToken} record={record} />;
  return (
    <>
      <PageHead
        title="Custom Fields"
        purpose="What your records hold besides their own fields, in forms, in imports and in the API."
        action={add}
      />
      <NavigationProvider>
        <CustomFieldsTable
          accountToken={accountToken}
          record={record}
          recordTypes={CUSTOMISED_RECORDS}
          index={index}
          empty={
            record === null ? (
              <EmptyState title="No custom fields yet">
                Add one, such as a cost center for vehicles or a home depot for contacts. It appears in the form of
                every such record.
              </EmptyState>
            ) : (
              <EmptyState title={`No custom fields for ${customisedResource(record).many}`}>
                Add one, or look at another record type.
              </EmptyState>
            )
          }
        />
      </NavigationProvider>
    </>
  );
}
