/**
 * Every advisory lock of the hub: no two have one number, and no number is written anywhere else. One release runs
 * beside the next: what was given stays. Where two numbers name a lock, this is the first and says what it is for; the
 * second says which one (an account's id, a person's).
 */
export const ADVISORY_LOCKS = {
  /** Of a sign-in: each of these three is taken in this order. */
  signInSite: 7303,
  signInNetwork: 7302,
  signInAddress: 7301,
  /** One process at a time ends what has expired. */
  expiryOfKeys: 7304,
  /** Of a person: his mails are composed one after the other. */
  mailsOfPerson: 7305,
  /**
   * Whoever acts holds the rights of his account shared, whoever changes its people alone: so none acts by a right that
   * is being taken away.
   */
  rights: 7320,
  /** Of a person who invites: what he sends from several accounts at once is counted one after the other. */
  inviter: 7321,
  /** The same in every instance: two that start together migrate one after the other. */
  migrations: 7_264_113,
  /** One partner at a time is created. */
  partnerCreation: 7_264_114,
  /** Of whoever serves the API and counts in its own memory. */
  instance: 7_264_115,
  /** Held by a migration's own transaction: the server may be at one still when its program has died. */
  migrationScript: 7_264_116,
} as const;

export type AdvisoryLock = (typeof ADVISORY_LOCKS)[keyof typeof ADVISORY_LOCKS];

/** A lock without a number of its own: of whatever the hash is of. All the others are far below. */
export function lockOfHash(hash: Buffer): bigint {
  return hash.readBigInt64BE();
}
