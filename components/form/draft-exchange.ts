const CHANNEL = "fleet-advisor-hub.drafts";
/** Said in an address by which a mailed sign-in link leads back to a form. */
const RESUMES = "resume";

type Said = { readonly asked: string } | { readonly slot: string; readonly draft: unknown };

/** Whoever opens the same form another time in that tab begins anew. */
const asked = new Set<string>();

function listen(hear: (said: Said, answer: (answer: Said) => void) => void) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Said>) => hear(data, (answer) => channel.postMessage(answer));
  return channel;
}

/**
 * A mailed link opens a tab of its own, which has a storage of its own: the tab that holds the form hands it over, as
 * long as both are open. Nothing of it lies where every tab could read it later.
 */
export function offerDraft(slot: string, read: () => object | null): () => void {
  const channel = listen((said, answer) => {
    const draft = "asked" in said && said.asked === slot ? read() : null;
    if (draft !== null) answer({ slot, draft });
  });
  return () => channel.close();
}

/** Asks the other tabs, where somebody comes back from a sign-in. */
export function askForDraft(slot: string, take: (draft: unknown) => void): (() => void) | undefined {
  if (asked.has(slot) || !new URLSearchParams(location.search).has(RESUMES)) return undefined;
  asked.add(slot);
  const channel = listen((said) => {
    if (!("slot" in said) || said.slot !== slot) return;
    channel.close();
    take(said.draft);
  });
  channel.postMessage({ asked: slot } satisfies Said);
  return () => channel.close();
}
