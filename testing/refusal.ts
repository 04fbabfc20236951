import { DomainError } from "@/lib/platform/errors";

/** The refusal that the work ends with; anything else is an error of the test's. */
export async function refusal(work: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error(`no refusal but ${String(error)}`);
  return error;
}
