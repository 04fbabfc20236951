import { uploadImportFile } from "@/lib/imports/uploads";

export const POST = uploadImportFile;
