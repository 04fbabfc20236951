import { beforeEach, describe, expect, it } from "vitest";

import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeAccountWithPeople,
  makePartnerWithPeople,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { exportImportReport } from "./export-import-report";
import { findImport, latestImports } from "./queries";
import { startImport, uploadImport } from "./service";

const ALL = { rows: null, after: 0 } as const;
const FILE = Buffer.from("Name,Type,Status,Meter unit,Extra\nVan 1,Van,Active,mi,a\n=Van 2,Van,Active,mi,b\n");
let space: AccountWithPeople;
let other: AccountWithPeople;
const importer = (of = space) => permitFor("imports.manage", { user: of.member, account: of.account });
const upload = async (of = space) => uploadImport(await importer(of), { record: "vehicles", name: "fleet.csv" }, FILE);
const columnsOf = async (id: number) => [...(await findImport(await importer(), { id }, ALL)).columns];

beforeEach(async () => {
  [space, other] = [await makeAccountWithPeople(), await makeAccountWithPeople()];
});

describe("uploading", () => {
  it("keeps the rows and matches the columns; nothing is added, nothing is to be audited", async () => {
    const { id } = await upload();
    const found = await findImport(await importer(), { id }, ALL);
    expect(found).toMatchObject({
      status: "uploaded",
      rowCount: 2,
      fileName: "fleet.csv",
      columns: ["name", "vehicle_type_name", "vehicle_status_name", "primary_meter_unit", null],
      samples: [
        ["Van 1", "Van", "Active", "mi", "a"],
        ["=Van 2", "Van", "Active", "mi", "b"],
      ],
      rows: [],
      by: space.member.name,
    });
    expect(await db().auditEntry.count({ where: { accountId: space.account.id } })).toBe(0);
  });

  it("forgets what nobody started within a day", async () => {
    const { id } = await upload();
    await bookkeepingDb().import.update({ where: { id }, data: { createdAt: new Date(Date.now() - 25 * 3_600_000) } });
    await upload();
    expect(await db().import.findUnique({ where: { id } })).toBeNull();
    expect(await db().importRow.count({ where: { accountId: space.account.id, importId: id } })).toBe(0);
  });

  it("is nothing for a partner", async () => {
    await expect(upload(await makePartnerWithPeople())).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("starting", () => {
  it("is done once, by the columns that were chosen, and audited", async () => {
    const { id } = await upload();
    const columns = await columnsOf(id);
    await startImport(await importer(), { id, columns });
    await expect(startImport(await importer(), { id, columns })).rejects.toMatchObject({ code: "already_done" });
    const [entry, ...more] = await db().auditEntry.findMany({ where: { accountId: space.account.id } });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      action: "import.started",
      recordName: "fleet.csv",
      after: { records: "vehicles", rows: 2, columns: columns.filter(Boolean) },
    });
    expect((await latestImports(await importer(), { record: "vehicles" })).latest).toMatchObject([
      { id, status: "running" },
    ]);
  });

  it("says what is wrong with the columns", async () => {
    const { id } = await upload();
    const columns = await columnsOf(id);
    for (const wrong of [columns.slice(1), columns.with(4, "name"), columns.with(0, null)])
      await expect(startImport(await importer(), { id, columns: wrong })).rejects.toMatchObject({
        code: "invalid_input",
        fields: { columns: [expect.any(String)] },
      });
    expect((await findImport(await importer(), { id }, ALL)).status).toBe("uploaded");
  });
});

describe("the report", () => {
  it("comes in pages and as a file, defused, whose download leaves a record", async () => {
    const { id } = await upload();
    await startImport(await importer(), { id, columns: await columnsOf(id) });
    const where = { accountId: space.account.id, importId: id };
    await bookkeepingDb().importRow.updateMany({ where: { ...where, number: 2 }, data: { recordId: 17 } });
    await bookkeepingDb().importRow.updateMany({ where: { ...where, number: 3 }, data: { refusal: "Name: no" } });
    const page = (rows: "added" | "refused" | null) =>
      importer().then((permit) => findImport(permit, { id }, { rows, after: 0 }));
    expect((await page("refused")).rows).toEqual([
      { number: 3, recordId: null, refusal: "Name: no", says: "=Van 2 · Van · Active" },
    ]);
    expect((await page("added")).rows.map(({ number }) => number)).toEqual([2]);
    expect((await page(null)).rows).toHaveLength(2);
    const { parts, fileName } = await exportImportReport(await importer(), { id });
    let text = "";
    for await (const part of parts) text += part;
    expect(fileName).toBe(`import-${id}-report.csv`);
    expect(text.split("\r\n")).toEqual([
      "row,result,why,record_id,Name,Type,Status,Meter unit,Extra",
      "2,added,,17,Van 1,Van,Active,mi,a",
      "3,refused,Name: no,,'=Van 2,Van,Active,mi,b",
      "",
    ]);
    expect(await db().auditEntry.count({ where: { accountId: space.account.id, action: "import.exported" } })).toBe(1);
  });
});

describe("another account's import", () => {
  it("is not there", async () => {
    const { id } = await upload();
    const columns = await columnsOf(id);
    const foreign = await importer(other);
    for (const attempt of [
      () => startImport(foreign, { id, columns }),
      () => findImport(foreign, { id }, ALL),
      () => exportImportReport(foreign, { id }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  });
});
