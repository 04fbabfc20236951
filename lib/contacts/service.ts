import "server-only";

import { archivalOf, changesOf, factsOf, refuseClash } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, readOnce, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { customFieldsOfNew, mergeCustomFields } from "@/lib/custom-fields/policy";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { constraintOf } from "@/lib/platform/database/errors";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord, wrongFields } from "@/lib/platform/errors";
import { contactName } from "./policy";
import { presentContact, type ContactRecord } from "./presenter";
import { contactSource } from "./queries";
import type { ContactChangesInput, CreateContactInput } from "./schema";

type Writer = Permit<"contacts.write">;
type Deleter = Permit<"contacts.delete">;

function holdContacts(tx: Tx, permit: Writer | Deleter, ids: readonly number[]): Promise<ContactRecord[]> {
  const { select, from, where } = contactSource(permit.account.id);
  return tx.$queryRaw<ContactRecord[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND c.id IN (${Prisma.join([...ids])}) ORDER BY c.id FOR UPDATE OF c`,
  );
}

/** The contact as it stands, held against other changes until this one is through. */
export async function holdContact(tx: Tx, permit: Writer | Deleter, id: number): Promise<ContactRecord> {
  const [contact] = await holdContacts(tx, permit, [id]);
  if (contact === undefined) throw noSuchRecord();
  return contact;
}

function contactEvent(
  deed: "created" | "updated" | "deleted" | "archived" | "restored",
  contact: ContactRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return {
    name: `contact.${deed}`,
    record: { type: "contact", id: contact.id, name: contact.name },
    ...facts,
    payload: presentContact(contact),
  };
}

interface Days {
  readonly licenseExpiration?: string | null;
  readonly birthDate?: string | null;
  readonly startDate?: string | null;
  readonly leaveDate?: string | null;
}

function asDay(day: string | null | undefined): Date | null | undefined {
  return day ? new Date(day) : day === undefined ? undefined : null;
}

/** Days as the database's client takes them. */
function columnsOf<Wanted extends Days>({ licenseExpiration, birthDate, startDate, leaveDate, ...wanted }: Wanted) {
  return {
    ...wanted,
    licenseExpiration: asDay(licenseExpiration),
    birthDate: asDay(birthDate),
    startDate: asDay(startDate),
    leaveDate: asDay(leaveDate),
  };
}

async function refusingDuplicates<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (constraintOf(error) !== "contacts_account_id_employee_number_key") throw error;
    throw wrongFields({ employee_number: ["has already been taken"] });
  }
}

/** Adds contacts: all, or none where one is refused. @throws DomainError invalid_input */
export async function createContacts(permit: Writer, inputs: readonly CreateContactInput[]): Promise<ContactRecord[]> {
  const definitions = await readOnce("a contact's fields", () => customFieldDefinitions(permit, "contact"));
  const wanted = inputs.map((input) => {
    const merged = customFieldsOfNew(definitions, input.customFields);
    if (!merged.ok) throw wrongFields(merged.errors);
    return { ...input, name: contactName(input), customFields: merged.values };
  });
  const work = mutate(permit, async (tx, now) => {
    const own = { accountId: permit.account.id, createdAt: now, updatedAt: now };
    const data = wanted.map((each) => ({ ...columnsOf(each), ...own }));
    const made = await tx.contact.createManyAndReturn({ data, select: { id: true } });
    // In the order in which they were given: of one statement, the ids ascend.
    const contacts = await holdContacts(
      tx,
      permit,
      made.map(({ id }) => id),
    );
    const events = contacts.map((contact, index) =>
      contactEvent("created", contact, { after: factsOf(wanted[index] ?? {}) }),
    );
    return { result: contacts, events };
  });
  return refusingDuplicates(work);
}

/** @throws DomainError invalid_input */
export async function createContact(permit: Writer, input: CreateContactInput): Promise<ContactRecord> {
  const [contact] = await createContacts(permit, [input]);
  if (contact === undefined) throw noSuchRecord();
  return contact;
}

/** Changes what is given and leaves the rest. @throws DomainError not_found, invalid_input, conflict: not as it was seen */
export async function editContact(
  permit: Writer,
  input: { id: number; changes: ContactChangesInput; seen?: ContactChangesInput },
): Promise<ContactRecord> {
  const definitions = await customFieldDefinitions(permit, "contact");
  const { customFields, archivedAt, ...given } = input.changes;
  const work = mutate(permit, async (tx, now) => {
    const contact = await holdContact(tx, permit, input.id);
    refuseClash(contact, input.seen, input.changes);
    const merged = mergeCustomFields(definitions, contact.customFields, customFields);
    if (!merged.ok) throw wrongFields(merged.errors);
    const wanted = { ...given, name: contactName({ ...contact, ...given }), customFields: merged.values };
    const changes = changesOf(contact, wanted);
    const move = archivedAt === undefined ? null : archivalOf(contact, archivedAt !== null, now);
    if (changes === null && move === null) return { result: contact, events: [] };
    await tx.contact.update({
      where: { id: contact.id, accountId: permit.account.id },
      data: { ...(changes && columnsOf(wanted)), ...(move && { archivedAt: move.archivedAt }), updatedAt: now },
    });
    const after = await holdContact(tx, permit, contact.id);
    const edited = changes ? [contactEvent("updated", after, changes)] : [];
    const moved = move ? [contactEvent(move.deed, after, move.changes)] : [];
    return { result: after, events: [...edited, ...moved] };
  });
  return refusingDuplicates(work);
}

function moveContact(permit: Writer, id: number, isToBeArchived: boolean): Promise<ContactRecord> {
  return mutate(permit, async (tx, now) => {
    const contact = await holdContact(tx, permit, id);
    const move = archivalOf(contact, isToBeArchived, now);
    if (move === null) return { result: contact, events: [] };
    const { archivedAt } = move;
    await tx.contact.update({ where: { id, accountId: permit.account.id }, data: { archivedAt, updatedAt: now } });
    const moved = await holdContact(tx, permit, id);
    return { result: moved, events: [contactEvent(move.deed, moved, move.changes)] };
  });
}

/** Done twice, the second changes nothing. @throws DomainError not_found */
export function archiveContact(permit: Writer, { id }: { id: number }): Promise<ContactRecord> {
  return moveContact(permit, id, true);
}

/** Done twice, the second changes nothing. @throws DomainError not_found */
export function restoreContact(permit: Writer, { id }: { id: number }): Promise<ContactRecord> {
  return moveContact(permit, id, false);
}

/** Only one that was never assigned to a vehicle goes. @throws DomainError not_found, invalid_input */
export function deleteContact(permit: Deleter, { id }: { id: number }): Promise<{ name: string }> {
  return mutate(permit, async (tx) => {
    const contact = await holdContact(tx, permit, id);
    const assignments = await tx.vehicleAssignment.count({ where: { accountId: permit.account.id, contactId: id } });
    if (assignments > 0) {
      const counted = assignments === 1 ? "1 vehicle assignment" : `${assignments} vehicle assignments`;
      throw new DomainError(
        "invalid_input",
        `${contact.name} has ${counted} and can't be deleted. Archive the contact instead.`,
      );
    }
    await tx.contact.delete({ where: { id, accountId: permit.account.id } });
    return { result: { name: contact.name }, events: [contactEvent("deleted", contact)] };
  });
}
