import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readBody, readChangesOf, readId } from "@/lib/public-api/stages/parse";
import { customFieldShape, presentCustomField } from "./presenter";
import { findCustomField, listCustomFields, customFieldList } from "./queries";
import { patchCustomFieldInput, postCustomFieldInput } from "./schema";
import { createCustomField, editCustomField, holdField } from "./service";

export const getCustomFields = defineListEndpoint({
  path: "/custom_fields",
  permission: "customFields.read",
  account: "customer",
  list: customFieldList,
  run: listCustomFields,
  present: presentCustomField,
  shape: customFieldShape,
});

export const getCustomField = defineEndpoint({
  method: "GET",
  path: "/custom_fields/:id",
  resource: "custom_fields",
  permission: "customFields.read",
  account: "customer",
  input: readId,
  run: findCustomField,
  present: presentCustomField,
  shape: customFieldShape,
});

export const postCustomField = defineEndpoint({
  method: "POST",
  path: "/custom_fields",
  note: "The key of its values follows from the label and stays as it is. Only a `Drop-down` has `choices`.",
  resource: "custom_fields",
  permission: "customFields.manage",
  account: "customer",
  input: readBody(postCustomFieldInput, {
    example: { record_type: "Vehicle", label: "Depot", data_type: "Drop-down", choices: ["North", "South"] },
  }),
  run: createCustomField,
  present: presentCustomField,
  shape: customFieldShape,
});

export const patchCustomField = defineEndpoint({
  method: "PATCH",
  path: "/custom_fields/:id",
  note: "Label, `required` and `choices`; what is left out stays. Values that hold a choice which is taken away stay where they are.",
  resource: "custom_fields",
  permission: "customFields.manage",
  account: "customer",
  input: readChangesOf(readId, patchCustomFieldInput, { choices: ["North", "South", "West"] }),
  held: (tx, permit, { id }) => holdField(tx, permit, id),
  run: (permit, { id, changes }) => editCustomField(permit, { id, ...changes }),
  present: presentCustomField,
  shape: customFieldShape,
});
