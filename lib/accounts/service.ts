import "server-only";
import { randomBytes } from "node:crypto";

import type { AccountStatus, Plan } from "@/generated/prisma/enums";
import type { DomainEvent } from "@/lib/audit-log/events";
import { holdAccount, mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { INVITATION_DAYS } from "@/lib/members/policy";
import { DomainError } from "@/lib/platform/errors";
import { defaultVehicleSettings } from "@/lib/vehicles/policy";
import { allowsCustomerVerb, CUSTOMER_VERBS } from "./policy";
import type { AddCustomerInput, ChangeCustomerPlanInput, ChangePlanInput, CustomerInput } from "./schema";

const DAY_MS = 86_400_000;

/** Only a partner has customers: elsewhere there is nothing of the kind. */
function refuseOutsideHub(permit: Permit<"customers.manage">): void {
  if (permit.account.kind !== "partner") throw new DomainError("not_found", "Only a partner has customers.");
}

async function createCustomerAccount(tx: Tx, permit: Permit<"customers.manage">, input: AddCustomerInput, now: Date) {
  const partner = await tx.account.findUniqueOrThrow({
    where: { id: permit.account.id },
    select: {
      currencySymbol: true,
      defaultMeterUnit: true,
      defaultFuelVolumeUnit: true,
      systemOfMeasurement: true,
      country: true,
    },
  });
  const { types, statuses, fuelTypes } = defaultVehicleSettings();
  return tx.account.create({
    data: {
      ...partner,
      kind: "customer",
      partnerId: permit.account.id,
      token: randomBytes(5).toString("hex"),
      name: input.name,
      plan: input.plan,
      status: "active",
      createdAt: now,
      updatedAt: now,
      vehicleTypes: { create: types },
      fuelTypes: { create: fuelTypes },
      vehicleStatuses: { create: statuses },
    },
    select: { id: true, token: true, name: true },
  });
}

/** Invites the first owner; the partner's people get no way in by this. */
async function inviteOwner(
  tx: Tx,
  permit: Permit<"customers.manage">,
  { accountId, email, now }: { readonly accountId: number; readonly email: string; readonly now: Date },
): Promise<number> {
  const invitedById = permit.actor.kind === "user" ? permit.actor.userId : null;
  const expiresAt = new Date(now.getTime() + INVITATION_DAYS * DAY_MS);
  const { id: invitationId } = await tx.invitation.create({
    data: { accountId, email, role: "owner", invitedById, createdAt: now, expiresAt },
    select: { id: true },
  });
  await tx.$executeRaw`SELECT graphile_worker.add_job('invitations.send', ${JSON.stringify({ invitationId })}::json)`;
  return invitationId;
}

/**
 * Makes a customer account of this partner and invites its first owner by e-mail. A second submit finds the name taken.
 * @throws DomainError not_found outside the Hub, conflict
 */
export function addCustomer(
  permit: Permit<"customers.manage">,
  input: AddCustomerInput,
): Promise<{ name: string; token: string }> {
  return mutate(permit, async (tx, now) => {
    refuseOutsideHub(permit);
    await holdAccount(tx, permit.account.id);
    const [taken] = await tx.$queryRaw<{ id: number }[]>`
      SELECT id FROM accounts WHERE partner_id = ${permit.account.id} AND (lower(name) COLLATE "C") = lower(${input.name}) LIMIT 1`;
    if (taken) {
      const message = "You have a customer of this name already. Choose a name that tells the two apart.";
      throw new DomainError("conflict", message, { name: [message] });
    }
    const account = await createCustomerAccount(tx, permit, input, now);
    const invitationId = await inviteOwner(tx, permit, { accountId: account.id, email: input.ownerEmail, now });
    const record = { type: "account" as const, id: account.id, name: account.name };
    const after = { kind: "customer", token: account.token, plan: input.plan, owner: input.ownerEmail };
    const invited: DomainEvent = {
      name: "invitation.created",
      accountId: account.id,
      record: { type: "invitation", id: invitationId, name: input.ownerEmail },
      after: { role: "owner" },
    };
    const events = [permit.account.id, account.id].map((accountId): DomainEvent => ({
      name: "account.created",
      accountId,
      record,
      after,
    }));
    return { result: { name: account.name, token: account.token }, events: [...events, invited] };
  });
}

interface Held {
  readonly id: number;
  readonly name: string;
  readonly plan: Plan;
  readonly status: AccountStatus;
}

/** The partner's customer, its row held until the change is done. @throws DomainError not_found */
async function holdCustomer(tx: Tx, permit: Permit<"customers.manage">, token: string): Promise<Held> {
  refuseOutsideHub(permit);
  const [held] = await tx.$queryRaw<Held[]>`
    SELECT id, name, plan::text AS plan, status::text AS status FROM accounts
    WHERE token = ${token} AND partner_id = ${permit.account.id} FOR NO KEY UPDATE`;
  if (!held) throw new DomainError("not_found", "There is no such customer, or it is not yours.");
  return held;
}

/** What happened to a customer stands in its own log and in its partner's. */
function inBothLogs(permit: Permit<"customers.manage">, event: DomainEvent & { accountId: number }): DomainEvent[] {
  return [event, { ...event, accountId: permit.account.id }];
}

async function setPlan(
  tx: Tx,
  held: Held,
  plan: Plan,
  now: Date,
): Promise<(DomainEvent & { accountId: number }) | null> {
  if (held.plan === plan) return null;
  await tx.account.update({ where: { id: held.id }, data: { plan, updatedAt: now } });
  const record = { type: "account" as const, id: held.id, name: held.name };
  return {
    name: CUSTOMER_VERBS.changePlan.event,
    accountId: held.id,
    record,
    before: { plan: held.plan },
    after: { plan },
  };
}

/** Counts at the next request of the API. @throws DomainError conflict for a partner's own account */
export function changePlan(permit: Permit<"accounts.changePlan">, { plan }: ChangePlanInput): Promise<{ plan: Plan }> {
  return mutate(permit, async (tx, now) => {
    const { id, kind } = permit.account;
    if (kind !== "customer") throw new DomainError("conflict", "A partner’s plan is not changed here.");
    const [held] = await tx.$queryRaw<Held[]>`
      SELECT id, plan::text AS plan, status::text AS status, name FROM accounts WHERE id = ${id} FOR NO KEY UPDATE`;
    const event = held ? await setPlan(tx, held, plan, now) : null;
    return { result: { plan }, events: event ? [event] : [] };
  });
}

/** Counts at the next request of the API. @throws DomainError not_found */
export function changeCustomerPlan(
  permit: Permit<"customers.manage">,
  input: ChangeCustomerPlanInput,
): Promise<{ name: string }> {
  return mutate(permit, async (tx, now) => {
    const held = await holdCustomer(tx, permit, input.customer);
    const event = await setPlan(tx, held, input.plan, now);
    return { result: { name: held.name }, events: event ? inBothLogs(permit, event) : [] };
  });
}

function turn(permit: Permit<"customers.manage">, { customer }: CustomerInput, verb: "deactivate" | "reactivate") {
  const status = verb === "deactivate" ? "canceled" : "active";
  return mutate(permit, async (tx, now) => {
    const held = await holdCustomer(tx, permit, customer);
    if (!allowsCustomerVerb(verb, held.status)) {
      const message =
        verb === "deactivate" ? "This customer is deactivated already." : "This customer is not deactivated.";
      throw new DomainError("conflict", `${message} Nothing was changed; reload the page.`);
    }
    await tx.account.update({ where: { id: held.id }, data: { status, updatedAt: now } });
    const events = inBothLogs(permit, {
      name: CUSTOMER_VERBS[verb].event,
      accountId: held.id,
      record: { type: "account", id: held.id, name: held.name },
      before: { status: held.status },
      after: { status },
    });
    return { result: { name: held.name }, events };
  });
}

/** The API refuses every request for it from now on. @throws DomainError not_found, conflict */
export function deactivateCustomer(
  permit: Permit<"customers.manage">,
  input: CustomerInput,
): Promise<{ name: string }> {
  return turn(permit, input, "deactivate");
}

/** @throws DomainError not_found, conflict */
export function reactivateCustomer(
  permit: Permit<"customers.manage">,
  input: CustomerInput,
): Promise<{ name: string }> {
  return turn(permit, input, "reactivate");
}
