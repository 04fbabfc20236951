import { z } from "zod";

import { recordId } from "@/lib/platform/input-fields";
import { nextPath, normalizeEmail } from "./policy";

/** An address as it is kept: NFKC-normalised, lower case. */
export const emailAddress = z
  .string()
  .max(320, "This address is too long.")
  .transform(normalizeEmail)
  .pipe(z.email("Enter an e-mail address, such as name@company.com.").max(254, "This address is too long."));

const ownPath = z
  .string()
  .max(2000, "This is not a page of the hub.")
  .refine((value) => nextPath(value) !== null, "This is not a page of the hub.");

export const signInRequestInput = z.strictObject({ email: emailAddress, next: ownPath.optional() });
export type SignInRequestInput = z.output<typeof signInRequestInput>;

/** What the page behind the mailed link posts. Everything of it is checked again. */
export const signInLinkInput = z.object({
  token: z.string().regex(/^[\w-]{43}$/),
  email: emailAddress,
});

/** One of one's own sessions. */
export const sessionInput = z.strictObject({ id: recordId() });
export type SessionInput = z.output<typeof sessionInput>;

/** Acts on all of them name none. */
export const manySessionsInput = z.strictObject({});

/** What the queue holds of a link to be sent: no token, which is only made when the mail is. */
export const sendLinkPayload = z.object({ email: z.string() });
export type SendLinkPayload = z.output<typeof sendLinkPayload>;
