import { expect, it } from "vitest";

import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { purgeTriedImportsJob } from "./jobs";
import { findImport } from "./queries";
import { startImport, uploadImport } from "./service";

const DAY_MS = 86_400_000;
const FILE = Buffer.from("First name\nDana\n");

it("forgets a file that nobody started within a week, with its rows, and no other; run twice, nothing more", async () => {
  const { account, member: user } = await makeAccountWithPeople();
  const permit = await permitFor("imports.manage", { user, account });
  const upload = () => uploadImport(permit, { record: "contacts", name: "people.csv" }, FILE);
  const [tried, started] = [await upload(), await upload()];
  const { columns } = await findImport(permit, started, { rows: null, after: 0 });
  await startImport(permit, { id: started.id, columns: [...columns] });
  const where = { accountId: account.id };
  const kept = async () => [
    (await db().import.findMany({ where, orderBy: { id: "asc" } })).map(({ id }) => id),
    (await db().importRow.findMany({ where, orderBy: { importId: "asc" } })).map(({ importId }) => importId),
  ];
  const age = (days: number) =>
    bookkeepingDb().import.updateMany({ where, data: { createdAt: new Date(Date.now() - days * DAY_MS) } });
  await age(6.9);
  await purgeTriedImportsJob.perform({});
  expect(await kept()).toEqual([1, 2].map(() => [tried.id, started.id]));
  await age(7.1);
  for (let run = 0; run < 2; run++) await purgeTriedImportsJob.perform({});
  expect(await kept()).toEqual([1, 2].map(() => [started.id]));
});
