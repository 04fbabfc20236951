import "server-only";

import type { CustomRecordType } from "@/generated/prisma/enums";
import { changesOf, factsOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { holdAccount, mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord, wrongFields } from "@/lib/platform/errors";
import { customFieldKey, MAX_CUSTOM_FIELDS_PER_RECORD_TYPE } from "./policy";
import { presentCustomField, type CustomFieldRecord } from "./presenter";
import { customFieldSource, valuesCount } from "./queries";
import type { CreateCustomFieldInput, CustomFieldChanges, CustomFieldRef, MoveCustomFieldInput } from "./schema";

type Manager = Permit<"customFields.manage">;

/** In their order. */
function readFields(tx: Tx, accountId: number, condition: Prisma.Sql): Promise<CustomFieldRecord[]> {
  const { select, from, where } = customFieldSource(accountId);
  return tx.$queryRaw<CustomFieldRecord[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND ${condition} ORDER BY c.position, c.id`,
  );
}

async function findField(tx: Tx, accountId: number, id: number): Promise<CustomFieldRecord> {
  const [field] = await readFields(tx, accountId, Prisma.sql`c.id = ${id}`);
  if (field === undefined) throw noSuchRecord();
  return field;
}

/** The field as it stands, held against other changes until this one is through. @throws DomainError not_found */
export async function holdField(tx: Tx, permit: Manager, id: number): Promise<CustomFieldRecord> {
  await holdAccount(tx, permit.account.id);
  return findField(tx, permit.account.id, id);
}

function fieldsOfType(tx: Tx, accountId: number, recordType: CustomRecordType): Promise<CustomFieldRecord[]> {
  return readFields(tx, accountId, Prisma.sql`c.record_type = ${recordType}::custom_record_type`);
}

function fieldEvent(
  deed: "created" | "updated" | "moved" | "deleted",
  field: CustomFieldRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  const record = { type: "customField", id: field.id, name: field.label } as const;
  return { name: `customField.${deed}`, record, ...facts, payload: presentCustomField(field) };
}

/**
 * A key names one field of a record type, also while the values of one that was deleted are still there: whoever makes
 * that one again means its key, and is asked to wait for it.
 */
async function keyFor(tx: Tx, accountId: number, { recordType, label }: CreateCustomFieldInput): Promise<string> {
  const fields = await tx.customField.findMany({
    where: { accountId, recordType },
    select: { key: true, deletedAt: true },
  });
  const plain = customFieldKey(label);
  if (fields.some(({ key, deletedAt }) => key === plain && deletedAt !== null))
    throw wrongFields({
      label: [
        `The values of a deleted field with the key ${plain} are still being removed. Try again in two minutes, or choose another label.`,
      ],
    });
  return customFieldKey(label, new Set(fields.map(({ key }) => key)));
}

/** Adds a field at the end of its record type's. @throws DomainError invalid_input, limit_reached, not_found: no customer account */
export function createCustomField(permit: Manager, input: CreateCustomFieldInput): Promise<CustomFieldRecord> {
  const { account } = permit;
  // A partner has no records.
  if (account.kind !== "customer") throw noSuchRecord();
  return mutate(permit, async (tx, now) => {
    await holdAccount(tx, account.id);
    const key = await keyFor(tx, account.id, input);
    const others = await fieldsOfType(tx, account.id, input.recordType);
    if (others.length >= MAX_CUSTOM_FIELDS_PER_RECORD_TYPE) {
      throw new DomainError(
        "limit_reached",
        `This record type has ${MAX_CUSTOM_FIELDS_PER_RECORD_TYPE} custom fields, the most it may have. Delete one that is no longer used, then save again.`,
      );
    }
    const position = (others.at(-1)?.position ?? 0) + 1;
    const data = { ...input, key, position, accountId: account.id, createdAt: now, updatedAt: now };
    const { id } = await tx.customField.create({ data, select: { id: true } });
    const field = await findField(tx, account.id, id);
    return { result: field, events: [fieldEvent("created", field, { after: factsOf({ ...input, key }) })] };
  });
}

/** Label, required and choices, as far as they are given; key, record type and data type stay. Values of a removed choice stay where they are. @throws DomainError not_found, invalid_input */
export function editCustomField(
  permit: Manager,
  { id, ...given }: CustomFieldRef & CustomFieldChanges,
): Promise<CustomFieldRecord> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const field = await holdField(tx, permit, id);
    const { label = field.label, required = field.required, choices = [...field.choices] } = given;
    const wanted = { label, required, choices };
    const hasChoices = wanted.choices.length > 0;
    if (hasChoices !== (field.dataType === "drop_down"))
      throw wrongFields({ choices: [hasChoices ? "Only a drop-down has choices." : "Enter at least one choice."] });
    const changes = changesOf(field, wanted);
    if (changes === null) return { result: field, events: [] };
    await tx.customField.update({ where: { id, accountId }, data: { ...wanted, updatedAt: now } });
    const changed = await findField(tx, accountId, id);
    return { result: changed, events: [fieldEvent("updated", changed, changes)] };
  });
}

interface Placed {
  readonly id: number;
  readonly was: number;
}

/** Numbers the fields as they stand in `order`; gives those whose number that changes, and where they stood. */
function placeFields(tx: Tx, accountId: number, order: readonly number[], now: Date): Promise<Placed[]> {
  return tx.$queryRaw<Placed[]>`
    UPDATE custom_fields c SET position = place.position, updated_at = ${now}
    FROM unnest(${[...order]}::int[]) WITH ORDINALITY AS place(id, position), custom_fields before
    WHERE c.account_id = ${accountId} AND c.id = place.id AND before.id = c.id AND c.position <> place.position
    RETURNING c.id, before.position AS was`;
}

/** One place up or down among the fields of its record type; past an end nothing changes. @throws DomainError not_found */
export function moveCustomField(permit: Manager, { id, direction }: MoveCustomFieldInput): Promise<CustomFieldRecord> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    await holdAccount(tx, accountId);
    const field = await findField(tx, accountId, id);
    const order = (await fieldsOfType(tx, accountId, field.recordType)).map((each) => each.id);
    const from = order.indexOf(id);
    const to = from + (direction === "up" ? -1 : 1);
    const neighbor = order[to];
    if (neighbor === undefined) return { result: field, events: [] };
    [order[from], order[to]] = [neighbor, id];
    const was = new Map((await placeFields(tx, accountId, order, now)).map((placed) => [placed.id, placed.was]));
    const fields = await fieldsOfType(tx, accountId, field.recordType);
    const moved = fields.find((each) => each.id === id) ?? field;
    const others = fields.filter((each) => each.id !== id && was.has(each.id));
    const events = [
      // Those that made room: their own number is another one too.
      ...others.map((each) =>
        fieldEvent("moved", each, { before: { place: was.get(each.id) ?? 0 }, after: { place: each.position } }),
      ),
      fieldEvent("moved", moved, { before: { place: from + 1 }, after: { place: to + 1 } }),
    ];
    return { result: moved, events };
  });
}

/**
 * The definition and its values are gone for every reader at once; a job sweeps the values out of the records afterwards.
 * @throws DomainError not_found
 */
export function deleteCustomField(permit: Manager, { id }: CustomFieldRef): Promise<{ label: string; count: number }> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    await holdAccount(tx, accountId);
    const field = await findField(tx, accountId, id);
    const [values] = await tx.$queryRaw<{ count: number }[]>(valuesCount(accountId, field));
    const count = values?.count ?? 0;
    await tx.customField.update({ where: { id, accountId }, data: { deletedAt: now }, select: { id: true } });
    await tx.$executeRaw`SELECT graphile_worker.add_job('customFields.sweep', ${JSON.stringify({ id })}::json)`;
    const { recordType, label, key, dataType } = field;
    const before = { ...factsOf({ recordType, label, key, dataType }), values: count };
    return { result: { label, count }, events: [fieldEvent("deleted", field, { before })] };
  });
}
