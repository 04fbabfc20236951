import { describe, expect, it } from "vitest";

import { makeMembership, makePartnerWithPeople, makeUser, permitFor } from "@/prisma/factories/accounts-and-keys";
import { mayDo } from "./permit";

describe("somebody limited to some customers", () => {
  it("reads no audit log of the whole account, and keeps the rest of the role", async () => {
    const { account, customers } = await makePartnerWithPeople();
    const user = await makeUser();
    await makeMembership({ user, account, role: "administrator", limitedTo: [customers[0]] });
    await expect(permitFor("auditLog.read", { user, account })).rejects.toMatchObject({ code: "forbidden" });
    const permit = await permitFor("apiKeys.manage", { user, account });
    expect(mayDo(permit.actor, "apiKeys.issue")).toBe(true);
    expect(mayDo(permit.actor, "auditLog.read")).toBe(false);
  });

  it("is no owner or unlimited administrator: those read it", async () => {
    const { account, owner, administrator } = await makePartnerWithPeople();
    for (const user of [owner, administrator]) {
      expect((await permitFor("auditLog.read", { user, account })).permission).toBe("auditLog.read");
    }
  });
});
