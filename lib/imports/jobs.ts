import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { forgetTriedImports } from "./sweep";

/** Once a day. */
export const forgetTriedImportsJob = defineJob({
  name: "imports.forget",
  permission: "imports.forget",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => forgetTriedImports(permit, await readNow()),
});
