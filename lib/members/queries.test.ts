import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { listAdvisors } from "@/lib/accounts/customers";
import { db } from "@/lib/platform/db";
import {
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  makeUser,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories";
import { refusal } from "@/prisma/refusal";
import { inviteMember, resendInvitation, withdrawInvitation } from "./invitations";
import { listMembers, listPendingInvitations } from "./queries";

let partner: PartnerWithPeople;
let colleague: { id: number; name: string };
const WHOLE = { after: null, before: null };

/** The limited administrator looks after the first customer; a colleague after the first two, another after the third. */
beforeEach(async () => {
  partner = await makePartnerWithPeople();
  const { account, customers } = partner;
  colleague = await makeUser();
  const stranger = await makeUser();
  await makeMembership({ user: colleague, account, role: "member", limitedTo: [customers[0], customers[1]] });
  await makeMembership({ user: stranger, account, role: "member", limitedTo: [customers[2]] });
});

describe("what a limited person is shown of the partner's people", () => {
  it("tells of no other customer, neither by name nor token, and counts no key that reaches one", async () => {
    const { account, customers, limited, owner } = partner;
    await makeApiKey({ account, createdBy: colleague });
    await makeApiKey({ account, createdBy: colleague, customers: [customers[0], customers[1]] });
    await makeApiKey({ account, createdBy: colleague, customers: [customers[0]] });
    const read = async (user: { id: number }) => listMembers(await permitFor("members.read", { user, account }), WHOLE);
    const shown = await read(limited);
    for (const { name, token } of customers.slice(1)) {
      expect(JSON.stringify(shown)).not.toContain(name);
      expect(JSON.stringify(shown)).not.toContain(token);
    }
    const [ours, theirs] = [shown, await read(owner)].map(({ rows }) =>
      rows.find(({ name }) => name === colleague.name),
    );
    expect([ours?.customers?.length, ours?.activeKeys]).toEqual([1, 1]);
    expect([theirs?.customers?.length, theirs?.activeKeys]).toEqual([2, 3]);
  });

  it("tells of no invitation that reaches further, and knows none such", async () => {
    const { account, customers, limited, owner } = partner;
    const invite = async (tokens: readonly string[] | null) => {
      const email = `${randomUUID()}@example.com`;
      const asked = { email, role: "member" as const, customers: tokens === null ? null : [...tokens] };
      await inviteMember(await permitFor("members.invite", { user: owner, account }), asked);
      return db().invitation.findFirstOrThrow({ where: { accountId: account.id, email } });
    };
    const [first, second] = [customers[0].token, customers[1].token];
    const [ours, both, all] = [await invite([first]), await invite([first, second]), await invite(null)];
    const manager = await permitFor("members.manage", { user: limited, account });
    const inviter = await permitFor("members.invite", { user: limited, account });
    expect((await listPendingInvitations(manager)).map(({ id }) => id)).toEqual([ours.id]);
    const unknown = await refusal(withdrawInvitation(manager, { id: 2_000_000_000 }));
    for (const { id } of [both, all]) {
      expect(await refusal(withdrawInvitation(manager, { id }))).toEqual(unknown);
      expect(await refusal(resendInvitation(inviter, { id }))).toEqual(unknown);
    }
  });

  it("offers as advisors only who looks after the same customers", async () => {
    const { account, limited } = partner;
    const advisors = await listAdvisors(await permitFor("customers.read", { user: limited, account }));
    expect(advisors.map(({ id }) => id).sort()).toEqual([colleague.id, limited.id].sort());
  });
});
