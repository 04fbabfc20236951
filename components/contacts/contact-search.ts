import type { PickerSearch } from "@/components/form/record-picker";
import { searchContactsAction } from "@/lib/contacts/actions";

/** Finds the account's contacts for a picker. */
export function searchContacts(accountToken: string): PickerSearch {
  return async (q) => {
    const answer = await searchContactsAction(accountToken, { q });
    return answer.ok ? answer.value : null;
  };
}
