import "server-only";
import { z } from "zod";

import { defineJob } from "@/lib/jobs/define-job";
import { purgeTriedImports } from "./purge-tried-imports";

/** Once a day. */
export const purgeTriedImportsJob = defineJob({
  name: "imports.forget",
  permission: "imports.forget",
  payload: z.object({}),
  run: async (permit, _payload, readNow) => purgeTriedImports(permit, await readNow()),
});
