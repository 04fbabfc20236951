import type { z } from "zod";

import type { Permit } from "@/lib/auth/permit";
import { noSuchRecord } from "@/lib/platform/errors";
import type { WritePermission } from "@/lib/resources";
import { defineEndpoint, type Endpoint, type EndpointDefinition } from "./define-endpoint";
import { recordWriter, type OpenWriter } from "./record-writers";
import { readBody } from "./stages/parse";

/** Adds the record that a request brings; and those of an import, whose rows are such requests' bodies. */
export interface CreateEndpoint extends Endpoint {
  readonly openWriter: OpenWriter;
}

interface CreateEndpointDefinition<P extends WritePermission, Schema extends z.ZodType, Result> extends Omit<
  EndpointDefinition<P, z.output<Schema>, Result>,
  "method" | "input" | "run"
> {
  readonly body: Schema;
  /** A body that works as it stands, but for the ids. */
  readonly example: z.input<Schema>;
  /** Adds all, or none where one is refused; in the order in which they were given. */
  readonly run: (permit: Permit<P>, inputs: readonly z.output<Schema>[]) => Promise<readonly Result[]>;
}

export function defineCreateEndpoint<
  P extends WritePermission,
  Schema extends z.ZodType,
  Result extends { readonly id: number },
>({ body, example, run, ...definition }: CreateEndpointDefinition<P, Schema, Result>): CreateEndpoint {
  const endpoint = defineEndpoint<P, z.output<Schema>, Result>({
    ...definition,
    method: "POST",
    input: readBody(body, { example }),
    run: async (permit, input) => {
      const [made] = await run(permit, [input]);
      if (made === undefined) throw noSuchRecord();
      return made;
    },
  });
  return Object.assign(endpoint, { openWriter: recordWriter(definition.permission, body, run) });
}

export function isCreateEndpoint(endpoint: Endpoint): endpoint is CreateEndpoint {
  return "openWriter" in endpoint;
}
