import { Client } from "pg";
import { vi } from "vitest";

/** How many statements some work sends to the database: a page's number is fixed, however much there is to show. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(Client.prototype, "query");
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}
