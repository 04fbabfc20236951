import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";

import { PrismaClient, type Prisma } from "@/generated/prisma/client";
import { writePool } from "./pool";
import { processWide } from "./process-wide";

/** A transaction that may write. */
export type Tx = Prisma.TransactionClient;

function writeClient(): PrismaClient {
  return processWide("write-client", () => new PrismaClient({ adapter: new PrismaPg(writePool()) }));
}

/** One transaction, read committed; for `mutate` alone (lint holds it there). */
export function writeTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return writeClient().$transaction(work, { maxWait: 2000, timeout: 10_000 });
}

/**
 * The named door for bookkeeping that nobody audits (usage, sessions, sign-in links, the outbox):
 * lint allows it in a few listed files.
 */
export function bookkeepingDb(): PrismaClient {
  return writeClient();
}
