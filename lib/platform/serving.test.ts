import { expect, it } from "vitest";

import { makeServing } from "./serving";

it("serves until somebody says why not, and again when each has taken it back", () => {
  const serving = makeServing();
  const heard: (string | null)[] = [];
  const forgo = serving.onChange((because) => heard.push(because));
  expect(serving.refusedBecause()).toBeNull();
  serving.refuse("databaseIdentity", "Another database.");
  serving.refuse("databaseIdentity", "Another database.");
  serving.refuse("schemaContract", "Another schema.");
  expect(serving.refusedBecause()).toBe("Another database.");
  serving.refuse("databaseIdentity", null);
  expect(serving.refusedBecause()).toBe("Another schema.");
  serving.refuse("schemaContract", null);
  expect(serving.refusedBecause()).toBeNull();
  forgo();
  serving.refuse("schemaContract", "Once more.");
  expect(heard).toEqual(["Another database.", "Another schema.", null]);
});
