/** What is wrong with a file's name, or null. */
export function nameComplaint(file: string): string | null;
