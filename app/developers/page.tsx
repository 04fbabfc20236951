import type { Metadata } from "next";

import { DeveloperFrame } from "@/components/developers/developer-frame";
import { Errors, Idempotency, RateLimit, Security, Webhooks } from "@/components/developers/guide-answers";
import {
  AccountsAndTokens,
  Collections,
  Filters,
  FirstRequest,
  Paging,
  Versions,
} from "@/components/developers/guide-requests";
import { Polling } from "@/components/developers/guide-polling";
import { emptyCollectionsOf } from "@/components/developers/reference";
import { env } from "@/lib/platform/env";
import { apiDocument } from "@/lib/public-api/document/published";

export const metadata: Metadata = { title: "Developer guide" };

const CHAPTERS = [
  { id: "first-request", label: "First request" },
  { id: "accounts", label: "Accounts and tokens" },
  { id: "paging", label: "Paging" },
  { id: "filters", label: "Filters and order" },
  { id: "polling", label: "Polling without losing rows" },
  { id: "collections", label: "Archived and empty" },
  { id: "versions", label: "Versions" },
  { id: "errors", label: "Errors" },
  { id: "rate-limit", label: "Rate limit" },
  { id: "idempotency", label: "Idempotency" },
  { id: "webhooks", label: "Webhooks" },
  { id: "security", label: "Security" },
];

export default function DeveloperGuidePage() {
  const api = `${env().APP_URL}/api/v1`;
  return (
    <DeveloperFrame
      current="guide"
      purpose="Read and change fleets over HTTP: from the first request to webhooks."
      anchors={CHAPTERS}
    >
      <FirstRequest api={api} />
      <AccountsAndTokens api={api} />
      <Paging api={api} />
      <Filters />
      <Polling api={api} />
      <Collections empty={emptyCollectionsOf(apiDocument())} />
      <Versions />
      <Errors />
      <RateLimit />
      <Idempotency api={api} />
      <Webhooks />
      <Security api={api} />
    </DeveloperFrame>
  );
}
