import { describe, expect, it } from "vitest";

import type { ApiMethod, Endpoint } from "./define-endpoint";
import { resourcePath, routesOf } from "./routes";

const offered: readonly [ApiMethod, string][] = [
  ["GET", "/vehicles/:id"],
  ["DELETE", "/vehicles/:id"],
  ["PATCH", "/vehicles/:id/archive"],
  ["GET", "/vehicles"],
  ["POST", "/vehicles"],
  ["GET", "/vehicles/archived"],
];
const routes = routesOf(offered.map(([method, path]) => ({ method, path }) as Endpoint));

describe("a path", () => {
  it("leads to the endpoint of its method", () => {
    const found = routes.match("DELETE", "/vehicles/7");
    expect(found).toMatchObject({ endpoint: { method: "DELETE", path: "/vehicles/:id" }, params: { id: "7" } });
    expect(routes.match("HEAD", "/vehicles")?.endpoint).toMatchObject({ method: "GET" });
  });

  it("that is a name is never taken for an id, whatever the method", () => {
    expect(routes.match("GET", "/vehicles/archived")?.endpoint.path).toBe("/vehicles/archived");
    expect(routes.match("DELETE", "/vehicles/archived")).toBeNull();
    expect(routes.methodsAt("/vehicles/archived")).toEqual(["GET", "HEAD"]);
  });

  it("offers what is offered there, and nothing where there is no such path", () => {
    expect(routes.methodsAt("/vehicles")).toEqual(["GET", "HEAD", "POST"]);
    expect(routes.methodsAt("/vehicles/7/archive")).toEqual(["PATCH"]);
    expect(routes.methodsAt("/nowhere")).toEqual([]);
    expect(routes.match("GET", "/vehicles/7/archive")).toBeNull();
  });
});

describe("an address", () => {
  it.each(["/api/v1/vehicles", "/api/v2/vehicles/", "/api/vehicles"])("%s names the same resource", (address) => {
    expect(resourcePath(address)).toBe("/vehicles");
  });

  it.each(["/api", "/api//vehicles", "/apiv1/vehicles"])("%s names none", (address) => {
    expect(resourcePath(address)).toBeNull();
  });
});
