"use server";

import { defineOwnAction } from "@/lib/auth/define-action";
import { manySessionsInput, sessionInput } from "./schema";
import { endAllSessions, endOtherSessions, endSession } from "./service";

export const endSessionAction = defineOwnAction({ permission: "sessions.own", input: sessionInput, run: endSession });
export const endOtherSessionsAction = defineOwnAction({ permission: "sessions.own", input: manySessionsInput, run: endOtherSessions });
export const endAllSessionsAction = defineOwnAction({ permission: "sessions.own", input: manySessionsInput, run: endAllSessions });
