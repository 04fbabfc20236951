import { afterAll, inject } from "vitest";

import { writeRecorded } from "./record";

afterAll(() => writeRecorded(inject("recordings")));
