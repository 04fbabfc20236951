import "server-only";

import type { MeterKind, MeterUnit } from "@/generated/prisma/enums";
import type { Permit } from "@/lib/auth/permit";
import { mayDo } from "@/lib/auth/permit";
import { readDatedList, type DatedList } from "@/lib/platform/dated-list";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { meterEntryVerbs, type MeterEntryVerb } from "./policy";
import type { MeterEntryExportInput, MeterEntryListQuery } from "./schema";

/** One reading as the screen sees it. Exact numbers are texts. */
export interface MeterEntryRow {
  readonly id: number;
  /** "Truck 1: 1234.5" */
  readonly name: string;
  readonly vehicle: { readonly id: number; readonly name: string };
  readonly kind: MeterKind;
  readonly value: string;
  readonly unit: MeterUnit;
  /** Such as "2026-11-22". */
  readonly date: string;
  readonly isVoid: boolean;
  /** The fuel entry that it was taken for. */
  readonly fuelEntryId: number | null;
  readonly verbs: readonly MeterEntryVerb[];
}

type PageRecord = Omit<MeterEntryRow, "name" | "verbs"> & { readonly sortValue: string };

/** The page's rows first, by index alone; what they need from other tables is joined to at most a page of them. */
function pageRecords(page: Prisma.Sql, resultOrder: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH page AS (${page})
    SELECT page.id, page.sort_value::text AS "sortValue", page.kind::text AS kind, page.value::text AS value,
      page.date::text AS date, page.void AS "isVoid", fe.id AS "fuelEntryId",
      (CASE WHEN page.kind = 'primary' THEN v.primary_meter_unit ELSE COALESCE(v.secondary_meter_unit, v.primary_meter_unit) END)::text AS unit,
      json_build_object('id', v.id, 'name', v.name) AS vehicle
    FROM page
    JOIN vehicles v ON v.account_id = page.account_id AND v.id = page.vehicle_id
    LEFT JOIN fuel_entries fe ON fe.meter_entry_id = page.id AND fe.account_id = page.account_id
    ORDER BY ${resultOrder}`;
}

/** The readings of a view. */
export function meterEntriesIn<View extends MeterEntryExportInput>(accountId: number, view: View) {
  const filter = view.vehicle === null ? Prisma.sql`TRUE` : Prisma.sql`vehicle_id = ${view.vehicle}`;
  return { table: Prisma.sql`meter_entries`, accountId, filter, dateType: "date", view } as const;
}

/** One page of the account's readings as the console lists them. */
export async function listMeterEntryRows(
  permit: Permit<"meterEntries.read">,
  query: MeterEntryListQuery,
): Promise<DatedList<MeterEntryRow>> {
  const request = meterEntriesIn(permit.account.id, query);
  const list = await readDatedList<PageRecord>(request, (page, order) => readSql(pageRecords(page, order)));
  const rows = list.rows.map(({ sortValue: _, ...row }) => ({
    ...row,
    name: `${row.vehicle.name}: ${row.value}`,
    verbs: meterEntryVerbs(row, (permission) => mayDo(permit.actor, permission)),
  }));
  return { ...list, rows };
}
