import "server-only";

import { mutate } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { DomainError, noSuchRecord } from "@/lib/platform/errors";
import { columnComplaints, matchColumns } from "./import-fields";
import { fieldsOf, requireWriter } from "./require-writer";
import type { StartImportInput, UploadInput } from "./schema";
import { readSheet } from "./sheet";

type Importer = Permit<"imports.manage">;

/** Keeps a file whose columns are matched as well as their names allow. Nothing is added yet. @throws DomainError invalid_input */
export async function uploadImport(
  permit: Importer,
  { record, name }: UploadInput,
  file: Uint8Array,
): Promise<{ id: number }> {
  const writer = requireWriter(permit, record);
  const { headers, rows } = readSheet(file);
  const columns = matchColumns(headers, await fieldsOf(writer, record));
  const accountId = permit.account.id;
  const { actor } = permit;
  if (actor.kind !== "user") throw new DomainError("forbidden", "Only a person can import a file.");
  return mutate(permit, async (tx, now) => {
    // What nobody started within a day was a try.
    await tx.$executeRaw`
      DELETE FROM imports WHERE account_id = ${accountId} AND started_at IS NULL AND created_at < ${now}::timestamptz - interval '1 day'`;
    const { id } = await tx.import.create({
      data: {
        accountId,
        userId: actor.userId,
        record,
        fileName: name,
        headers: [...headers],
        columns,
        rowCount: rows.length,
        createdAt: now,
      },
      select: { id: true },
    });
    await tx.importRow.createMany({
      data: rows.map(({ number, cells }) => ({ accountId, importId: id, number, cells: [...cells] })),
    });
    return { result: { id }, events: [] };
  });
}

/** Lets the job begin; from then on the file's rows become records. @throws DomainError not_found, already_done, invalid_input */
export async function startImport(permit: Importer, { id, columns }: StartImportInput): Promise<{ id: number }> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    await tx.$queryRaw`SELECT 1 FROM imports WHERE account_id = ${accountId} AND id = ${id} FOR UPDATE`;
    const found = await tx.import.findUnique({
      where: { accountId_id: { accountId, id } },
      select: { record: true, fileName: true, headers: true, rowCount: true, startedAt: true },
    });
    if (found === null) throw noSuchRecord();
    const known = await fieldsOf(requireWriter(permit, found.record), found.record);
    if (found.startedAt !== null)
      throw new DomainError("already_done", "This import was started already: its page shows how far it is.");
    const complaints =
      columns.length === found.headers.length
        ? columnComplaints(columns, known)
        : ["The columns are not those of the file. Reload the page."];
    if (complaints.length > 0) throw new DomainError("invalid_input", complaints.join(" "), { columns: complaints });
    const { actor, origin } = permit;
    await tx.import.update({
      where: { id, accountId },
      data: {
        columns,
        startedAt: now,
        startedFrom: origin.ip,
        requestId: origin.requestId,
        ...(actor.kind === "user" && { userId: actor.userId }),
      },
      select: { id: true },
    });
    await tx.$executeRaw`
      SELECT graphile_worker.add_job('imports.run', ${JSON.stringify({ id })}::json, job_key => ${`imports.run/${id}`}, priority => 10)`;
    const record = { type: "import", id, name: found.fileName } as const;
    const after = { records: found.record, rows: found.rowCount, columns: columns.filter((name) => name !== null) };
    return { result: { id }, events: [{ name: "import.started", record, after }] };
  });
}
