import type { EntryRow } from "@/lib/audit-log/entries";
import type { Actor } from "@/lib/auth/actor";
import { nounOf, sayEvent } from "@/lib/audit-log/events";
import { capitalised } from "@/lib/platform/name-cases";

export function entryNumber(sequence: number): string {
  return sequence.toLocaleString("en-US");
}

interface ActorWords {
  /** Beside an actor's name; a person needs no word. */
  readonly beside: string | null;
  /** "All entries of this …" */
  readonly noun: string;
}

/** Every kind that an entry names; a person who acts for himself is one. */
const ACTORS: Readonly<Record<Exclude<Actor["kind"], "self">, ActorWords>> = {
  user: { beside: null, noun: "person" },
  apiKey: { beside: "API key", noun: "key" },
  system: { beside: "by itself", noun: "actor" },
  anyone: { beside: null, noun: "actor" },
};

/** What another release has written may be of a kind that this one does not know. */
export function wordsOfActor(kind: string): ActorWords {
  return (ACTORS as Readonly<Partial<Record<string, ActorWords>>>)[kind] ?? { beside: null, noun: "actor" };
}

/** The record's name, unless the sentence has named it already: a person who signed in, a list that was exported. */
export function recordNamed(
  entry: Pick<EntryRow, "recordType" | "recordId" | "recordName" | "actorKind" | "actorId">,
): string | null {
  if (entry.recordId === null) return null;
  const isActor = entry.recordType === entry.actorKind && entry.recordId === entry.actorId;
  return isActor ? null : entry.recordName;
}

/** Where the record is shown; null where it is not. */
export function recordHref(accountToken: string, { recordPage }: Pick<EntryRow, "recordPage">): string | null {
  return recordPage === null ? null : `/${accountToken}/${recordPage}`;
}

/** The filter that shows everything an actor did. */
export function actorValue({ actorKind, actorId }: Pick<EntryRow, "actorKind" | "actorId">): string {
  return actorId === null ? actorKind : `${actorKind}:${actorId}`;
}

export interface ActionGroup {
  readonly label: string;
  readonly actions: readonly { readonly value: string; readonly label: string }[];
}

/** What has been done, below what it was done to. */
export function groupActions(actions: readonly string[]): ActionGroup[] {
  const nouns = [...new Set(actions.map((action) => action.split(".")[0] ?? ""))];
  return nouns.map((noun) => ({
    label: capitalised(nounOf(noun)),
    actions: actions
      .filter((action) => action.startsWith(`${noun}.`))
      .map((value) => ({ value, label: capitalised(sayEvent(value)) })),
  }));
}
