import type { ReactNode } from "react";

import { countText } from "@/components/data-table/list-href";
import { ImportExport } from "@/components/imports/import-export";
import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import { RESOURCES, type ImportedNoun } from "@/lib/resources";

export interface ListFrameProps {
  readonly accountToken: string;
  readonly noun: ImportedNoun;
  /** One and several, where this list calls them otherwise. */
  readonly words?: { readonly one: string; readonly many: string };
  readonly purpose: string;
  /** Search and filters at hand: what the file has, too. */
  readonly filters: Readonly<Record<string, string | number | null>>;
  /** Under these. */
  readonly count: number;
  /** There are others that are not shown, whatever is searched for. */
  readonly hasOthers?: boolean;
  readonly add: ReactNode;
  readonly tabs?: ReactNode;
  readonly toolbar: ReactNode;
  /** Stands where there are none yet. */
  readonly about: string;
  /** Where search and filters leave none. */
  readonly otherwise: string;
  readonly table: (parts: FramedParts) => ReactNode;
}

/** What a table is handed by its frame. */
export interface FramedParts {
  readonly summary: string;
  readonly toolbar: ReactNode;
  readonly empty: ReactNode;
}

/** The page of a list that is exported, and read in again: head, filters and the table. */
export function ListFrame(props: ListFrameProps) {
  const { accountToken, noun, words, purpose, filters, count, hasOthers = false, add, tabs, toolbar, table } = props;
  const { title, wire, ...resource } = RESOURCES[noun];
  const { one, many } = words ?? resource;
  const isNarrowed = hasOthers || Object.values(filters).some((choice) => choice !== null && choice !== "");
  return (
    <>
      <PageHead
        title={title}
        purpose={purpose}
        action={
          <>
            <ImportExport accountToken={accountToken} record={wire} filters={filters} isEmpty={count === 0} />
            {add}
          </>
        }
      />
      {tabs}
      <NavigationProvider>
        {table({
          summary: `${countText(count)} ${count === 1 ? one : many}`,
          toolbar: isNarrowed || count > 0 ? toolbar : null,
          empty: isNarrowed ? (
            <EmptyState title={`No ${one} matches`}>{props.otherwise}</EmptyState>
          ) : (
            <EmptyState title={`No ${many} yet`} action={add}>
              {props.about}
            </EmptyState>
          ),
        })}
      </NavigationProvider>
    </>
  );
}
