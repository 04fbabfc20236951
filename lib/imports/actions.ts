"use server";

import { defineAction } from "@/lib/entry/action";
import { startImportInput } from "./schema";
import { startImport } from "./service";

export const startImportAction = defineAction({
  permission: "imports.manage",
  input: startImportInput,
  run: startImport,
});
