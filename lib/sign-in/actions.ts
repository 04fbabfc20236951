"use server";

import { definePublicAction } from "@/lib/auth/define-action";
import { signInRequestInput } from "./schema";
import { requestSignInLink } from "./service";

export const requestSignInLinkAction = definePublicAction({
  permission: "signIn.request",
  input: signInRequestInput,
  run: requestSignInLink,
});
