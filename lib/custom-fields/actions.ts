"use server";

import type { AccountRef } from "@/lib/auth/actor";
import { defineAction } from "@/lib/entry/action";
import { countCustomFieldValues } from "./queries";
import { createCustomFieldInput, customFieldRef, editCustomFieldInput, moveCustomFieldInput } from "./schema";
import { createCustomField, deleteCustomField, editCustomField, moveCustomField } from "./service";

const permission = "customFields.manage";
const revalidate = ({ token }: AccountRef) => [`/${token}/custom-fields`];

export const createCustomFieldAction = defineAction({
  permission,
  input: createCustomFieldInput,
  run: createCustomField,
  revalidate,
});
export const editCustomFieldAction = defineAction({
  permission,
  input: editCustomFieldInput,
  run: editCustomField,
  revalidate,
});
export const moveCustomFieldAction = defineAction({
  permission,
  input: moveCustomFieldInput,
  run: moveCustomField,
  revalidate,
});
export const deleteCustomFieldAction = defineAction({
  permission,
  input: customFieldRef,
  run: deleteCustomField,
  revalidate,
});
/** What deleting the field would take away. */
export const countCustomFieldValuesAction = defineAction({
  permission,
  input: customFieldRef,
  run: countCustomFieldValues,
});
