import { beforeAll, describe, expect, it } from "vitest";

import type { Contact } from "@/generated/prisma/client";
import type { RequestIdentity } from "@/lib/auth/session";
import { env } from "@/lib/platform/env";
import {
  makeAccountWithPeople,
  makeSession,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeAssignment, makeContact } from "@/prisma/factories/contacts-and-entries";
import { createContactAction, deleteContactAction, editContactAction } from "./actions";
import { getContact, listContactRows } from "./queries";
import { contactListQuery } from "./schema";

let people: AccountWithPeople;
let nadia: Contact;

const reader = (role: "owner" | "member" = "owner") =>
  permitFor("contacts.read", { user: people[role], account: people.account });
const list = async (given: Record<string, unknown> = {}) =>
  listContactRows(await reader(), contactListQuery.parse(given));
const names = async (given: Record<string, unknown> = {}) => (await list(given)).rows.map(({ name }) => name);

beforeAll(async () => {
  people = await makeAccountWithPeople();
  const { account } = people;
  nadia = await makeContact({ account, firstName: "Nadia", lastName: "Brandt", email: "nb@example.com" });
  await makeContact({ account, firstName: "aziz", lastName: null, employeeNumber: "E-17", vehicleOperator: false });
  await makeContact({ account, firstName: "Old", lastName: "One", archivedAt: new Date() });
  await makeContact({ account: (await makeAccountWithPeople()).account, firstName: "Nadia", lastName: "Of Others" });
});

describe("the list", () => {
  it("shows the account's current contacts by name, found by name, e-mail address or number", async () => {
    expect(await names()).toEqual(["aziz", "Nadia Brandt"]);
    expect(await names({ show: "archived" })).toEqual(["Old One"]);
    expect(await names({ q: "brandt" })).toEqual(["Nadia Brandt"]);
    expect(await names({ q: "nb@ex" })).toEqual(["Nadia Brandt"]);
    expect(await names({ q: "e-17" })).toEqual(["aziz"]);
    expect(await names({ q: "na" })).toEqual(["Nadia Brandt"]);
    expect(await names({ role: "operator" })).toEqual(["Nadia Brandt"]);
    expect((await list()).counts).toEqual({ current: 2, archived: 1 });
  });

  it("tells what a contact has at this moment", async () => {
    const { vehicleId } = await makeAssignment({ account: people.account, contactId: nadia.id });
    const row = (await list()).rows.find(({ id }) => id === nadia.id);
    expect(row?.vehicle?.id).toBe(vehicleId);
  });

  it("brings the verbs that its state and the viewer allow", async () => {
    expect((await list()).rows[0]?.verbs).toEqual(["edit", "archive", "delete"]);
    const seen = await listContactRows(await reader("member"), contactListQuery.parse({ show: "archived" }));
    expect(seen.rows[0]?.verbs).toEqual(["edit", "restore"]);
  });
});

it("a contact's page is not there for another account", async () => {
  expect(await getContact(await reader(), nadia.id)).toMatchObject({ name: "Nadia Brandt" });
  const { account, owner } = await makeAccountWithPeople();
  const stranger = await permitFor("contacts.read", { user: owner, account });
  await expect(getContact(stranger, nadia.id)).rejects.toMatchObject({ code: "not_found" });
});

describe("actions", () => {
  async function as(role: "owner" | "member", whose: AccountWithPeople = people): Promise<RequestIdentity> {
    const sessionToken = await makeSession(whose[role]);
    return { sessionToken, requestedFrom: env().APP_URL, ip: "203.0.113.7", requestId: "test" };
  }

  it("a member adds a contact and changes only what is sent", async () => {
    const token = people.account.token;
    const given = { first_name: "Umar", last_name: "", email: "umar@example.com", technician: true };
    const added = await createContactAction.invoke(await as("member"), token, given);
    if (!added.ok) throw new Error(added.error.message);
    expect(added.value).toMatchObject({ name: "Umar", lastName: null, technician: true });
    const changes = { id: added.value.id, last_name: "Aziz" };
    expect(await editContactAction.invoke(await as("member"), token, changes)).toMatchObject({
      ok: true,
      value: { name: "Umar Aziz", email: "umar@example.com" },
    });
    expect(await deleteContactAction.invoke(await as("member"), token, { id: added.value.id })).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
  });

  it("an owner hears why a contact that was assigned stays", async () => {
    const { contactId } = await makeAssignment({ account: people.account });
    const answer = await deleteContactAction.invoke(await as("owner"), people.account.token, { id: contactId });
    expect(answer.ok ? "" : answer.error.message).toContain("has 1 vehicle assignment and can't be deleted");
  });

  it("a partner's account has no contacts, and no form has another field", async () => {
    const partner = await makeAccountWithPeople({ kind: "partner" });
    const codeIn = async (whose: AccountWithPeople, input: unknown) => {
      const answer = await createContactAction.invoke(await as("owner", whose), whose.account.token, input);
      return answer.ok ? "done" : answer.error.code;
    };
    expect(await codeIn(partner, { first_name: "Umar" })).toBe("not_found");
    expect(await codeIn(people, { first_name: "Umar", account_id: 1 })).toBe("invalid_input");
    expect(await codeIn(people, { first_name: "Umar", email: "nobody" })).toBe("invalid_input");
  });
});
