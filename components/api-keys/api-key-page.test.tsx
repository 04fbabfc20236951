import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import type { ApiKeyDetails } from "@/lib/api-keys/queries";
import { apiKeyColumns } from "./api-key-columns";
import { ApiKeyPage } from "./api-key-page";
import type { Space } from "./space";

const NOW = "2026-11-30T12:00:00.000Z";
const SPACE: Space = {
  token: "798819214b",
  kind: "partner",
  appUrl: "http://localhost:3000",
  viewer: { email: "olivia@example.com", mayIssue: true, limited: false },
  outbox: null,
  singleSignOn: null,
};
const KEY: ApiKeyDetails = {
  id: 7,
  revision: 2,
  name: "Warehouse",
  prefix: "fah_abcdef",
  last4: "wxyz",
  status: "active",
  revocation: null,
  createdAt: NOW,
  expiresAt: "2027-11-30T12:00:00.000Z",
  apiVersion: "2025-05-05",
  scopes: ["vehicles.read"],
  lastUsedAt: null,
  lastUsedIp: null,
  lastUsedClient: null,
  createdBy: "Olivia West",
  creatorLeft: false,
  renewsTo: "2027-11-30T12:00:00.000Z",
  oldTokenUntil: null,
  waitsForToken: true,
  allCustomers: true,
  customerCount: 0,
  heldBy: 0,
  verbs: ["viewDetails", "regenerate"],
  allowedIps: [],
  customers: [],
  now: NOW,
};
const nothing = () => undefined;
const ROUTER = {
  back: nothing,
  forward: nothing,
  refresh: nothing,
  push: nothing,
  replace: nothing,
  prefetch: nothing,
};
const textOf = (shown: React.ReactNode) =>
  renderToStaticMarkup(<AppRouterContext value={ROUTER as never}>{shown}</AppRouterContext>).replaceAll(
    /<[^>]+>/g,
    " ",
  );

const page = (waitsForToken: boolean) =>
  textOf(
    <ApiKeyPage
      space={SPACE}
      apiKey={{ ...KEY, waitsForToken }}
      usage={[]}
      history={null}
      usedBy={[{ id: 7, name: "Nightly copy" }]}
      notices={null}
      resume={false}
    />,
  );

it("of a key whose token a restore has lost its page says so, and what to do", () => {
  const sentence =
    "lost when the Hub’s database was restored: regenerate the key, and give the integration the new one";
  expect(page(true)).toContain(sentence);
  expect(page(false)).not.toContain(sentence);
});

it("and so does its row in the list", () => {
  const status = apiKeyColumns(SPACE, NOW).find(({ header }) => header === "Status");
  const row = (waitsForToken: boolean) => textOf(status?.cell({ ...KEY, waitsForToken }));
  expect(row(true)).toContain("its token is lost: regenerate");
  expect(row(false)).not.toContain("lost");
});
