import { afterAll } from "vitest";

import { useOwnDatabase } from "./own-database";

// For every deep file: what a statement costs hangs on all rows of its tables, also on those of accounts that it doesn't read.
const dropDatabase = await useOwnDatabase("deep");

afterAll(dropDatabase);
