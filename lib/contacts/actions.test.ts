import { describe, expect, it } from "vitest";

import type { RequestIdentity } from "@/lib/auth/session";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { makeAccountWithPeople, makeSession, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { editContactAction } from "./actions";

async function as(people: AccountWithPeople, role: "owner" | "member"): Promise<RequestIdentity> {
  const sessionToken = await makeSession(people[role]);
  return { sessionToken, requestedFrom: env().APP_URL, ip: "203.0.113.7", requestId: "test" };
}

describe("two people who edit a contact at once", () => {
  it("are told of each other where it is the same field, and else each change what they changed", async () => {
    const people = await makeAccountWithPeople();
    const { token } = people.account;
    const { id } = await makeContact({ account: people.account, city: "Graz", technician: false });
    const first = { id, city: "Linz", technician: true, seen: { city: "Graz", technician: false } };
    expect(await editContactAction.invoke(await as(people, "member"), token, first)).toMatchObject({ ok: true });
    const other = { id, job_title: "Driver", birth_date: "1990-02-28", seen: { job_title: "", birth_date: "" } };
    expect(await editContactAction.invoke(await as(people, "owner"), token, other)).toMatchObject({
      ok: true,
      value: { city: "Linz", jobTitle: "Driver" },
    });
    const late = { id, city: "Wels", birth_date: "1991-01-01", seen: { city: "Graz", birth_date: "1990-02-28" } };
    expect(await editContactAction.invoke(await as(people, "owner"), token, late)).toMatchObject({
      ok: false,
      error: { code: "conflict", fields: { city: ["was changed by somebody else meanwhile"] } },
    });
    expect(await db().contact.findFirst({ where: { id } })).toMatchObject({
      city: "Linz",
      birthDate: new Date("1990-02-28"),
    });
  });
});
