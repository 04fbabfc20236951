"use client";

import type { UseFormReturn } from "react-hook-form";

import { ChosenCustomers } from "@/components/accounts/chosen-customers";
import { RadioCards } from "@/components/form/radio-cards";
import type { Role } from "@/lib/auth/permissions";
import { grantableRoles, ROLE_WORDS } from "./role-words";

export type RoleValues = { email: string; role: Role; reach: "all" | "chosen"; customers: string[] };

export interface RoleFieldsProps {
  readonly form: UseFormReturn<RoleValues>;
  readonly viewerRole: Role;
  readonly isPartner: boolean;
  /** The viewer looks after some customers only, and grants no more. */
  readonly limited: boolean;
  readonly customers: readonly { readonly name: string; readonly token: string }[];
}

/** A role, and, in a partner's space, which customers come with it. */
export function RoleFields({ form, viewerRole, isPartner, limited, customers }: RoleFieldsProps) {
  const role = form.watch("role");
  const reach = form.watch("reach");
  return (
    <>
      <RadioCards
        form={form}
        name="role"
        legend="Role"
        options={grantableRoles(viewerRole).map((value) => ({
          value,
          label: ROLE_WORDS[value].name,
          hint: ROLE_WORDS[value].may[isPartner ? "partner" : "customer"],
        }))}
      />
      {isPartner && role !== "owner" && (
        <RadioCards
          form={form}
          name="reach"
          legend="Customers"
          columns={2}
          options={[
            { value: "all", label: "All customers", hint: "Also those to come", disabled: limited },
            { value: "chosen", label: "A chosen few", hint: "Sees and grants only those" },
          ]}
        />
      )}
      {isPartner && role !== "owner" && reach === "chosen" && <ChosenCustomers form={form} customers={customers} />}
    </>
  );
}

/** What the actions take of it. */
export function chosenCustomers(values: Omit<RoleValues, "email">, isPartner: boolean): string[] | null {
  return isPartner && values.role !== "owner" && values.reach === "chosen" ? values.customers : null;
}
