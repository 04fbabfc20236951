import "server-only";
import type { z } from "zod";

import type { AccountlessPermission } from "@/lib/auth/permissions";
import { markEntry } from "@/lib/auth/entries";
import { authorize, type Permit } from "@/lib/auth/permit";
import { databaseNow } from "@/lib/platform/database/db";
import { log } from "@/lib/platform/log";
import { errorWithoutValues } from "@/lib/platform/logged-error";

interface JobDefinition<P extends AccountlessPermission, Schema extends z.ZodType> {
  /** The task's name in the queue: `noun.verb`. */
  readonly name: string;
  readonly permission: P;
  /**
   * The payload in the queue; never a secret. While two releases run side by side each reads what the other queued: the
   * schema is not strict, and has a default for every field that the release before did not write.
   */
  readonly payload: Schema;
  /** Runs at least once: twice is once. `readNow` gives the database's time, or the one a test chose. */
  readonly run: (permit: Permit<P>, payload: z.output<Schema>, readNow: () => Promise<Date>) => Promise<void>;
}

export interface Job {
  readonly name: string;
  readonly payload?: z.ZodType;
  /** `now` is for tests, and for a job that does another: left out, it is the database's. */
  readonly perform: (payload: unknown, now?: Date | (() => Promise<Date>)) => Promise<void>;
}

/** Of what nobody asked for. */
export function permitOfSystem<P extends AccountlessPermission>(permission: P): Permit<P> {
  const actor = { kind: "system" as const, name: "Fleet Advisor Hub" };
  return authorize({ actor, account: null, origin: { ip: null, requestId: null } }, permission);
}

/** A piece of work in the background, done by the system. A payload that does not fit is a bug: it fails and is logged. */
export function defineJob<P extends AccountlessPermission, Schema extends z.ZodType>(
  definition: JobDefinition<P, Schema>,
): Job {
  const perform: Job["perform"] = async (payload, now = databaseNow) => {
    try {
      const permit = permitOfSystem(definition.permission);
      const readNow = now instanceof Date ? () => Promise.resolve(now) : now;
      await definition.run(permit, definition.payload.parse(payload), readNow);
    } catch (error) {
      log().error({ err: error, job: definition.name }, "a job failed; the queue tries it again");
      throw error;
    }
  };
  return markEntry(
    { name: definition.name, payload: definition.payload, perform },
    { kind: "job", permission: definition.permission },
  );
}

/**
 * What the queue runs of a job. It keeps the words of a failure in the job's row, where dumps and tools find them: as in
 * the log, they are without what was sent.
 */
export function taskOf({ perform }: Job, admit: () => Promise<void>): (payload: unknown) => Promise<void> {
  return async (payload) => {
    try {
      await admit();
      await perform(payload);
    } catch (error) {
      throw errorWithoutValues(error);
    }
  };
}
