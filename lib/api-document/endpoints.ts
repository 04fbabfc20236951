import { z } from "zod";

import { definePublicEndpoint } from "@/lib/public-api/define-public-endpoint";
import { apiDocumentText } from "@/lib/public-api/document/published";
import { readNothing } from "@/lib/public-api/stages/parse";

export const getApiDocument = definePublicEndpoint({
  method: "GET",
  path: "/openapi.json",
  named: { summary: "Get this document", operationId: "getApiDocument" },
  permission: "apiDocument.read",
  input: readNothing,
  run: () => Promise.resolve(apiDocumentText()),
  conclude: (body) => ({ status: 200, headers: { "Content-Type": "application/json; charset=utf-8" }, body }),
  shape: z.record(z.string(), z.unknown()),
});
