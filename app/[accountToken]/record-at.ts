import { notFound } from "next/navigation";

import { orNotFound } from "@/lib/entry/page";

const INT4_MAX = 2_147_483_647;

/** The record behind an address; anything that is no record of this account is a 404. */
export async function recordAt<Record>(id: string, read: (id: number) => Promise<Record>): Promise<Record> {
  if (!/^[1-9]\d{0,9}$/.test(id) || Number(id) > INT4_MAX) notFound();
  return orNotFound(read(Number(id)));
}
