import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

import { readPageRoutes } from "./page-routes";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "hub-routes-"));
  const dynamicRoutes = [{ page: "/[accountToken]/api-keys/[id]", regex: "^/([^/]+?)/api\\-keys/([^/]+?)(?:/)?$" }];
  writeFileSync(
    path.join(directory, "routes-manifest.json"),
    JSON.stringify({ staticRoutes: [{ page: "/sign-in" }], dynamicRoutes }),
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it.each([
  ["/sign-in", "/sign-in"],
  ["/798819214b/api-keys/12", "/[accountToken]/api-keys/[id]"],
  ["/whatever/api-keys/anything", "/[accountToken]/api-keys/[id]"],
  ["/_next/static/chunks/a.js", "/_next"],
  ["/fah_secret/in/the/path", "unknown"],
])("%s is the route %s", (address, route) => {
  expect(readPageRoutes(directory)(address)).toBe(route);
});

it("without a build every page is named alike", () => {
  expect(readPageRoutes(path.join(directory, "none"))("/sign-in")).toBe("unknown");
});
