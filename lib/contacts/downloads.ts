import "server-only";

import { defineDownload } from "@/lib/entry/download";
import { exportContacts } from "./export";
import { contactExportInput } from "./schema";

export const downloadContacts = defineDownload({
  permission: "contacts.read",
  input: contactExportInput,
  run: exportContacts,
});
