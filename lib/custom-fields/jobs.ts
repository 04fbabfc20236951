import "server-only";

import { defineJob } from "@/lib/jobs/define-job";
import { customFieldRef } from "./schema";
import { sweepCustomField } from "./sweep-custom-field";

export const sweepCustomFieldJob = defineJob({
  name: "customFields.sweep",
  permission: "customFields.sweep",
  payload: customFieldRef.strip(),
  run: sweepCustomField,
});
