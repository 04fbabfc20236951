import { z } from "zod";

import { recordId, recordIdInAddress, rowInAddress } from "@/lib/platform/input-fields";
import { IMPORTED_RECORDS } from "@/lib/resources";

const id = recordId();
const record = z.enum(IMPORTED_RECORDS, "This address names no kind of record that can be imported.");

/** What an upload's address says of it. */
export const uploadInput = z.strictObject({
  record,
  name: z
    .string()
    .trim()
    .min(1)
    .max(255, "A file's name has at most 255 characters.")
    .transform((name) => name.replace(/\p{Cc}/gu, "")),
});
export type UploadInput = z.output<typeof uploadInput>;

/** For each column of the file, in their order, the field it fills; null = not imported. */
export const startImportInput = z.strictObject({
  id,
  columns: z.array(z.string().max(200).nullable()).min(1).max(500),
});
export type StartImportInput = z.output<typeof startImportInput>;

export const reportInput = z.strictObject({ id: recordIdInAddress() });
export type ReportInput = z.output<typeof reportInput>;

/** The address of the page that takes a file. */
export const newImportQuery = z.object({ record: z.enum(IMPORTED_RECORDS).catch("vehicles") });

/** The address of an import's page. */
export const importPageQuery = z.object({
  rows: z.enum(["added", "refused"]).nullable().catch(null),
  after: rowInAddress(),
});
export type ImportPageQuery = z.output<typeof importPageQuery>;

export const runImportPayload = z.object({ id });
