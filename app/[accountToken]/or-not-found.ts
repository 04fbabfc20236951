import { notFound } from "next/navigation";

import { DomainError } from "@/lib/platform/errors";

/** What a page shows; a record that is not there, or that the viewer may not see, is a 404. */
export async function orNotFound<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError && (error.code === "not_found" || error.code === "forbidden")) notFound();
    throw error;
  }
}
