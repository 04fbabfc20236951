/**
 * The first of the two numbers of an advisory lock says what it is for, the second which one: an account's id here.
 * Whoever acts holds the rights of his account shared, whoever changes its people alone: so none acts by a right that
 * is being taken away.
 */
export const RIGHTS_LOCK = 7320;

/** Of a person (a user's id) who invites: what he sends from several accounts at once is counted one after the other. */
export const INVITER_LOCK = 7321;
