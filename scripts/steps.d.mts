/** An end that was foreseen: its message is all there is to say. */
export class Refusal extends Error {}

/** What a start tells the person before it: plain text, also when the server has taken the console for its log. */
export const terminal: Console;

/** Runs one step and says how long it took; one that finds nothing to do answers false. */
export function step(name: string, work: () => Promise<boolean | void>): Promise<void>;
/** A sentence where the system refused a file, else null. */
export function fileComplaint(error: unknown): string | null;
