import "server-only";
import { z } from "zod";

import { markEntry } from "@/lib/auth/entries";
import type { AccountlessPermission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { databaseNow } from "@/lib/platform/database/db";
import { recordId } from "@/lib/platform/input-fields";
import { permitOfSystem } from "./define-job";
import type { StepSubject } from "./step-queue";

/** When the run goes on, at most a day later; null = it is over. */
export type NextStep = { readonly inMs: number } | null;

interface StepDefinition<P extends AccountlessPermission> {
  /** As a job's: `noun.verb`. */
  readonly name: string;
  readonly permission: P;
  /**
   * Takes 5 s at most, or asks for one page, and holds no transaction while a request is out. Runs at least once: twice is once. What it
   * has to remember stands in the record that it is about.
   */
  readonly run: (permit: Permit<P>, subject: StepSubject, readNow: () => Promise<Date>) => Promise<NextStep>;
}

export interface Step {
  readonly name: string;
  readonly perform: (subject: unknown, readNow?: () => Promise<Date>) => Promise<NextStep>;
}

const stepSubject = z.object({ accountId: recordId(), subjectId: recordId() });

/**
 * One step of a run that asks a host of somebody else. It is done in places beside the queue, fair by account: however
 * long a host takes, and however many runs there are, the queue's hands are free for everything else.
 */
export function defineStep<P extends AccountlessPermission>({ name, permission, run }: StepDefinition<P>): Step {
  const perform: Step["perform"] = async (subject, readNow = databaseNow) =>
    run(permitOfSystem(permission), stepSubject.parse(subject), readNow);
  return markEntry({ name, perform }, { kind: "job", permission });
}
