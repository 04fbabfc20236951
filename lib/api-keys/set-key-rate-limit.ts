import "server-only";

import { mutate } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";

/** The operator's own limit for one key; null = the plan's again. @throws DomainError not_found */
export function setKeyRateLimit(
  permit: Permit<"apiKeys.limit">,
  { id, perMinute }: { readonly id: number; readonly perMinute: number | null },
): Promise<{ name: string }> {
  return mutate(permit, async (tx) => {
    const key = await tx.apiKey.findUnique({
      where: { id },
      select: { id: true, name: true, accountId: true, rateLimitPerMinute: true },
    });
    if (key === null)
      throw new DomainError(
        "not_found",
        "There is no API key with this id. It stands in the address of the key's own page.",
      );
    await tx.apiKey.update({ where: { id }, data: { rateLimitPerMinute: perMinute } });
    const { accountId, name, rateLimitPerMinute } = key;
    return {
      result: { name },
      events: [
        {
          name: "apiKey.limited",
          accountId,
          record: { type: "apiKey", id, name },
          before: { requestsPerMinute: rateLimitPerMinute ?? "plan" },
          after: { requestsPerMinute: perMinute ?? "plan" },
        },
      ],
    };
  });
}
