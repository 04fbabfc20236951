import "server-only";

import { mutate } from "@/lib/audit-log/mutate";
import type { Download } from "@/lib/entry/download";
import type { Permit } from "@/lib/auth/permit";
import { csvLine } from "@/lib/platform/csv";
import { noSuchRecord } from "@/lib/platform/errors";
import { reportBatch, type ReportedRow } from "./queries";
import type { ReportInput } from "./schema";

const BATCH = 500;

function resultOf({ recordId, refusal }: ReportedRow): string {
  if (recordId !== null) return "added";
  return refusal === null ? "waiting" : "refused";
}

async function* partsOf(
  permit: Permit<"imports.manage">,
  id: number,
  headers: readonly string[],
): AsyncGenerator<string> {
  yield csvLine(["row", "result", "why", "record_id", ...headers]);
  for (let after = 0; ;) {
    const batch = await reportBatch(permit, { id, after, size: BATCH });
    const last = batch.at(-1);
    if (last === undefined) return;
    yield batch.map((row) => csvLine([row.number, resultOf(row), row.refusal, row.recordId, ...row.cells])).join("");
    after = last.number;
  }
}

/** What became of each row, with the row itself: refused ones can be mended and imported again. */
export async function exportImportReport(permit: Permit<"imports.manage">, { id }: ReportInput): Promise<Download> {
  const accountId = permit.account.id;
  const found = await mutate(permit, async (tx) => {
    const kept = await tx.import.findUnique({
      where: { accountId_id: { accountId, id } },
      select: { fileName: true, headers: true },
    });
    if (kept === null) throw noSuchRecord();
    const record = { type: "import", id, name: kept.fileName } as const;
    return { result: kept, events: [{ name: "import.exported" as const, record }] };
  });
  return {
    fileName: `import-${id}-report.csv`,
    contentType: "text/csv; charset=utf-8; header=present",
    parts: partsOf(permit, id, found.headers),
  };
}
