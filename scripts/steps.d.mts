/** An end that was foreseen: its message is all there is to say. */
export class Refusal extends Error {}

/** Runs one step and says how long it took; one that finds nothing to do answers false. */
export function step(name: string, work: () => Promise<boolean | void>): Promise<void>;
