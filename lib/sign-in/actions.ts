"use server";

import { defineOwnAction, definePublicAction } from "@/lib/entry/action";
import { nextPath } from "./policy";
import { manySessionsInput, sessionInput, signInRequestInput } from "./schema";
import { endAllSessions, endOtherSessions, endSession, requestSignInLink } from "./service";

export const requestSignInLinkAction = definePublicAction({
  permission: "signIn.request",
  input: signInRequestInput,
  run: requestSignInLink,
  leadsOnTo: ({ next }) => nextPath(next),
});
export const endSessionAction = defineOwnAction({ permission: "sessions.own", input: sessionInput, run: endSession });
export const endOtherSessionsAction = defineOwnAction({
  permission: "sessions.own",
  input: manySessionsInput,
  run: endOtherSessions,
});
export const endAllSessionsAction = defineOwnAction({
  permission: "sessions.own",
  input: manySessionsInput,
  run: endAllSessions,
});
