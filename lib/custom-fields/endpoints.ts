import { defineEndpoint, defineListEndpoint } from "@/lib/public-api/define-endpoint";
import { readId } from "@/lib/public-api/stages/parse";
import { customFieldShape, presentCustomField } from "./presenter";
import { findCustomField, listCustomFields, customFieldList } from "./queries";

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
