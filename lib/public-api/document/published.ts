import { singleton } from "@/lib/platform/singleton";
import type { OpenApiDocument } from "./open-api";

interface Published {
  make: (() => OpenApiDocument) | null;
  document: OpenApiDocument | null;
  text: string | null;
}

/** The server knows the table of endpoints, the pages show what it says: they are two bundles of one process. */
const published = () => singleton<Published>("api-document", () => ({ make: null, document: null, text: null }));

/** Made when it is first asked for. */
export function publishApiDocument(make: () => OpenApiDocument): void {
  Object.assign(published(), { make, document: null, text: null });
}

export function apiDocument(): OpenApiDocument {
  const held = published();
  if (held.document === null && held.make === null)
    throw new Error("no document of the API has been published in this process");
  return (held.document ??= held.make?.() as OpenApiDocument);
}

export function apiDocumentText(): string {
  return (published().text ??= JSON.stringify(apiDocument()));
}
