const PAGE = "a page reads it, and the browser's walks open that page";
const PROGRAM = "a program of its own reads it, and the deep tests start that program";

/** Why no test of `npm test` reaches a statement in its own process, by the file and function that send it. The shorter, the better. */
export const UNREACHED: Readonly<Record<string, string>> = {
  "lib/accounts/queries.ts › homeSpace": PAGE,
  "lib/api-keys/queries.ts › listKeyCreators": PAGE,
  "lib/api-keys/queries.ts › listLeakedKeys": PAGE,
  "lib/api-keys/read-key-usage.ts › readKeyUsage": PAGE,
  "lib/fuel-entries/queries.ts › listLatestFuelEntries": PAGE,
  "lib/meter-entries/queries.ts › listLatestMeterEntries": PAGE,
  "lib/after-restore/queries.ts › listLiveKeys": PROGRAM,
  "lib/after-restore/queries.ts › listOwnerless": PROGRAM,
  "lib/after-restore/service.ts › endEverySession": PROGRAM,
  "scripts/serve.ts › fillEmptyDatabase": PROGRAM,
  "lib/audit-log/queries.ts › firstRepeated": "one place twice needs a log without its unique index",
  "lib/platform/database/migration-table.ts › withCompletionMark":
    "the database that tests copy is migrated by it before the first of them runs",
  "lib/public-api/lists/read-list.ts › countFrom":
    "it takes more matches than are looked at: the deep tests have as many",
};
