import { isCreateEndpoint } from "@/lib/public-api/define-create-endpoint";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import type { ImportWriters } from "@/lib/public-api/record-writers";
import { IMPORTED_RECORDS, type ImportedRecord } from "@/lib/resources";
import { FLEET } from "./fleet";

function writerOf(record: ImportedRecord) {
  const endpoint = Object.values<Endpoint>(FLEET[record]).find(isCreateEndpoint);
  if (endpoint === undefined) throw new Error(`no endpoint adds ${record}`);
  return endpoint.openWriter;
}

/** What an import adds records with: as the API adds them. */
export const IMPORT_WRITERS = Object.fromEntries(
  IMPORTED_RECORDS.map((record) => [record, writerOf(record)]),
) as ImportWriters;
