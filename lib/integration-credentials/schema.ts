import { z } from "zod";

import { recordId, recordIdInAddress, seenRevision } from "@/lib/platform/input-fields";
import { lineField } from "@/lib/platform/plain-text";

const credentialId = recordId();
/** The revision of the credential that the form showed: a form that saw an older one is refused. */
const revision = seenRevision();

export const LONGEST_NAME = 100;
export const LONGEST_DESCRIPTION = 500;
/** A short one would be found by chance in whatever a host answers. */
const SHORTEST_KEY = 8;
const LONGEST_KEY = 500;

const facts = {
  name: lineField({
    subject: "A name",
    most: LONGEST_NAME,
    blank: "Give the credential a name, such as the system and account that it is for.",
  }),
  description: lineField({ subject: "A description", most: LONGEST_DESCRIPTION }),
  accountToken: z
    .string()
    .trim()
    .min(1, { error: "Enter the account token: it names the account that the requests are for.", abort: true })
    .regex(/^[\x21-\x7e]{1,100}$/, "An account token is one word of at most 100 letters, digits and signs of ASCII."),
};

const apiKey = z
  .string()
  .trim()
  .min(1, { error: "Enter the API key.", abort: true })
  .regex(/^[\x21-\x7e]*$/, "An API key is one word of letters, digits and signs of ASCII. Copy it again, whole.")
  .min(SHORTEST_KEY, `An API key has at least ${SHORTEST_KEY} characters. Copy it again, whole.`)
  .max(LONGEST_KEY, `An API key has at most ${LONGEST_KEY} characters.`);
/** Null = this hub. Whether anything may be sent there is for the service to say. */
const baseUrl = z
  .string()
  .trim()
  .min(1, "Write the address where the host’s API begins, such as https://hub.example.com/api/v1.")
  .max(500, "An address has at most 500 characters.")
  .nullable();
/** Save what could not be checked, because its host did not answer. */
const unchecked = z.boolean();

export const addCredentialInput = z.strictObject({
  /** Made when the form opens: a double submit makes one credential. */
  submissionId: z.uuid(),
  ...facts,
  apiKey,
  baseUrl,
  unchecked,
});
export type AddCredentialInput = z.output<typeof addCredentialInput>;

/** With a key that is made for it. */
export const makeCredentialInput = z.strictObject({ submissionId: z.uuid(), ...facts });
export type MakeCredentialInput = z.output<typeof makeCredentialInput>;

export const editCredentialInput = z.strictObject({
  id: credentialId,
  revision,
  ...facts,
  baseUrl,
  /** Asked for anew where it is sent to another address; else null. */
  apiKey: apiKey.nullable(),
  unchecked,
});
export type EditCredentialInput = z.output<typeof editCredentialInput>;

export const replaceCredentialKeyInput = z.strictObject({ id: credentialId, revision, apiKey, unchecked });
export type ReplaceCredentialKeyInput = z.output<typeof replaceCredentialKeyInput>;

/** Of a verb that takes only the credential. */
export const credentialRowInput = z.strictObject({ id: credentialId, revision });
export type CredentialRowInput = z.output<typeof credentialRowInput>;

/** Another key of this hub, made for a credential that has one already. */
export const makeAnotherKeyInput = z.strictObject({ id: credentialId, revision, submissionId: z.uuid() });
export type MakeAnotherKeyInput = z.output<typeof makeAnotherKeyInput>;

/** By the key, which may stand in several credentials. */
export const regenerateHereInput = z.strictObject({
  keyId: recordId(),
  /** As it was shown: of the key, not of a credential. */
  revision,
});
export type RegenerateHereInput = z.output<typeof regenerateHereInput>;

/** The page's address: which credential is chosen, and what somebody comes back to from a sign-in. */
export const credentialsQuery = z.object({
  selected: recordIdInAddress().nullable().catch(null),
  resume: z.enum(["add", "replaceKey", "regenerate", "makeAnother", "edit"]).nullable().catch(null),
});
export type CredentialsQuery = z.output<typeof credentialsQuery>;
