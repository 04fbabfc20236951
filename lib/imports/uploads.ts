import "server-only";

import { defineUpload } from "@/lib/entry/upload";
import { MAX_FILE_BYTES } from "./policy";
import { uploadInput } from "./schema";
import { uploadImport } from "./service";

export const uploadImportFile = defineUpload({
  permission: "imports.manage",
  input: uploadInput,
  maxBytes: MAX_FILE_BYTES,
  run: uploadImport,
});
