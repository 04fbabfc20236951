import type { ContactRecord } from "@/lib/contacts/presenter";

/** What a contact does, in the order of the form: "Operator, Technician". */
export function sayRoles(contact: Pick<ContactRecord, "vehicleOperator" | "employee" | "technician">): string {
  const roles = [
    contact.vehicleOperator && "Operator",
    contact.employee && "Employee",
    contact.technician && "Technician",
  ];
  return roles.filter(Boolean).join(", ");
}
