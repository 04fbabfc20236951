/** A form put aside while its author signs in again; for an hour, in this browser only. Never holds a token. */
const KEPT_MS = 3_600_000;

function slot(accountToken: string): string {
  return `fleet-advisor-hub.draft.${accountToken}`;
}

export function keepDraft(accountToken: string, values: unknown): void {
  try {
    localStorage.setItem(slot(accountToken), JSON.stringify({ at: Date.now(), values }));
  } catch {
    // A browser that keeps nothing still has the open form.
  }
}

export function dropDraft(accountToken: string): void {
  try {
    localStorage.removeItem(slot(accountToken));
  } catch {
    // Nothing was kept then.
  }
}

/** The kept values laid over `defaults`; a draft of another shape loses what does not fit. */
export function takeDraft<Values extends Record<string, unknown>>(accountToken: string, defaults: Values): Values {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(slot(accountToken)) ?? "null");
    if (typeof kept !== "object" || kept === null || !("at" in kept) || !("values" in kept)) return defaults;
    if (typeof kept.at !== "number" || Date.now() - kept.at > KEPT_MS) return defaults;
    const values = kept.values as Record<string, unknown>;
    const fitting = Object.keys(defaults).filter(
      (name) =>
        typeof values[name] === typeof defaults[name] && Array.isArray(values[name]) === Array.isArray(defaults[name]),
    );
    return { ...defaults, ...Object.fromEntries(fitting.map((name) => [name, values[name]])) };
  } catch {
    return defaults;
  }
}
