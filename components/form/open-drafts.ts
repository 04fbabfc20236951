/** Each draft's place begins so. */
export const PREFIX = "fleet-advisor-hub.draft.";

/** What of a form that is open can be put aside; true where something of it is kept. */
const open = new Set<() => boolean>();

/** The tab's own storage, which ends with it. A browser may keep nothing at all: a form is there as long as its page then. */
export function inStorage<T>(visit: (tab: Storage) => T): T | null {
  try {
    return visit(sessionStorage);
  } catch {
    return null;
  }
}

/** A form stands on the page, until what is returned is called. */
export function opened(keep: () => boolean): () => void {
  open.add(keep);
  return () => void open.delete(keep);
}

/** Puts what open forms hold aside for their page's next load. True where something is kept. */
export function keepDrafts(): boolean {
  return [...open].map((keep) => keep()).includes(true);
}

/** Whoever signs out leaves nothing behind. */
export function forgetDrafts(): void {
  inStorage((tab) => {
    for (const slot of Object.keys(tab)) if (slot.startsWith(PREFIX)) tab.removeItem(slot);
  });
}
