export type ToastTone = "ok" | "warn" | "bad";
export type ToastInput = { title: string; description?: string; tone?: ToastTone };
export type ToastEntry = ToastInput & { id: number };

/** Said when a part of the interface could not be fetched. */
export const NOT_OPENED: ToastInput = {
  tone: "bad",
  title: "This could not be opened",
  description: "The server was not reached. Try again in a moment.",
};

const NONE: readonly ToastEntry[] = [];
const SHOWN_AT_ONCE = 3;

let entries = NONE;
let nextId = 1;
const listeners = new Set<() => void>();

function put(next: readonly ToastEntry[]): void {
  entries = next;
  for (const listener of listeners) listener();
}

export function addToast(input: ToastInput): void {
  put([...entries.slice(1 - SHOWN_AT_ONCE), { ...input, id: nextId++ }]);
}

export function removeToast(id: number): void {
  put(entries.filter((entry) => entry.id !== id));
}

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentToasts(): readonly ToastEntry[] {
  return entries;
}

export function serverToasts(): readonly ToastEntry[] {
  return NONE;
}
