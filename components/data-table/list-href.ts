/** The address of a list's view with some of its parameters changed; a changed view starts at its first page. */
export function listHref(path: string, current: string, changes: Readonly<Record<string, string | null>>): string {
  const parameters = new URLSearchParams(current);
  for (const name of ["after", "before", "resume"]) parameters.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") parameters.delete(name);
    else parameters.set(name, value);
  }
  const search = parameters.toString();
  return search === "" ? path : `${path}?${search}`;
}

/** A count as a person reads it: the database stops at 1,001. */
export function countText(count: number): string {
  return count > 1000 ? "1,000+" : String(count);
}
