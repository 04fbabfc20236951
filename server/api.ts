import type { IncomingMessage, ServerResponse } from "node:http";

import { getAccount, listAccounts } from "@/lib/accounts/endpoints";
import { getCallingApiKey } from "@/lib/api-keys/endpoints";
import { recordKeyUse, startUsageFlush } from "@/lib/api-keys/usage";
import { createApiHandler } from "@/lib/public-api/application";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import type { AdmittedRequest } from "./edge";

/** Everything below `/api/v1`. */
export const ENDPOINTS: readonly Endpoint[] = [getCallingApiKey, listAccounts, getAccount];

export interface Api {
  answer(req: IncomingMessage, res: ServerResponse, admitted: AdmittedRequest): Promise<void>;
  close(): Promise<void>;
}

export function createApi(): Api {
  const handle = createApiHandler(ENDPOINTS, ({ apiKeyId }, request) => {
    recordKeyUse(apiKeyId, request.ip, request.header("user-agent") ?? null);
  });
  const usage = startUsageFlush();
  return { answer: handle, close: () => usage.stop() };
}
