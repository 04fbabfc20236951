import type { IncomingMessage, ServerResponse } from "node:http";

import { getAccount, listAccounts } from "@/lib/accounts/endpoints";
import { getApiDocument } from "@/lib/api-document/endpoints";
import { getCallingApiKey, receiveSecretScan, revokeLeakedApiKey } from "@/lib/api-keys/endpoints";
import { countKeyAnswer, recordKeyUse, startUsageFlush } from "@/lib/api-keys/record-key-use";
import * as changeFeed from "@/lib/change-feed/endpoints";
import * as customFields from "@/lib/custom-fields/endpoints";
import { emptyCollections } from "@/lib/empty-collections/endpoints";
import { getFuelType, getFuelTypes } from "@/lib/fuel-types/endpoints";
import { getSelf } from "@/lib/members/endpoints";
import type { Receiver } from "@/lib/entry/receive";
import { receiveResendReport } from "@/lib/notifications/receivers";
import { createApiHandler } from "@/lib/public-api/application";
import { env } from "@/lib/platform/env";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import { describeApi } from "@/lib/public-api/document/describe-api";
import { publishApiDocument } from "@/lib/public-api/document/published";
import { waitingRoom } from "@/lib/public-api/waiting-room";
import { getVehicleStatus, getVehicleStatuses } from "@/lib/vehicle-statuses/endpoints";
import { getVehicleType, getVehicleTypes } from "@/lib/vehicle-types/endpoints";
import * as webhooks from "@/lib/webhooks/endpoints";
import type { AdmittedRequest } from "./edge";
import { FLEET } from "./fleet";

const { vehicles, ...others } = FLEET;

/** Everything below `/api/v1`. */
export const ENDPOINTS: readonly Endpoint[] = [
  getApiDocument,
  getCallingApiKey,
  revokeLeakedApiKey,
  receiveSecretScan,
  listAccounts,
  getAccount,
  ...Object.values(changeFeed),
  ...Object.values(vehicles),
  getVehicleTypes,
  getVehicleType,
  getVehicleStatuses,
  getVehicleStatus,
  getFuelTypes,
  getFuelType,
  ...Object.values(customFields),
  getSelf,
  ...Object.values(others).flatMap((endpoints) => Object.values<Endpoint>(endpoints)),
  ...Object.values(webhooks),
  ...emptyCollections,
];

/** What other services tell us, outside of the public API. */
const RECEIVERS: readonly Receiver[] = [receiveResendReport];

publishApiDocument(() => describeApi(ENDPOINTS, env().APP_URL));

export interface Api {
  answer(req: IncomingMessage, res: ServerResponse, admitted: AdmittedRequest): Promise<void>;
  /** Whoever waits for a change is answered, and nobody waits any more. */
  stopWaiting(): void;
  close(): Promise<void>;
}

export function createApi(): Api {
  const handle = createApiHandler(
    ENDPOINTS,
    ({ apiKeyId }, request) => {
      recordKeyUse(apiKeyId, request.ip, request.header("x-client-platform") ?? request.header("user-agent") ?? null);
    },
    countKeyAnswer,
  );
  const usage = startUsageFlush();
  waitingRoom().open();
  const answer: Api["answer"] = (req, res, admitted) =>
    RECEIVERS.find(({ path }) => path === admitted.path)?.answer(req, res, admitted) ?? handle(req, res, admitted);
  return { answer, stopWaiting: () => waitingRoom().close(), close: () => usage.stop() };
}
