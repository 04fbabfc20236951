"use client";

import { useEffect, useEffectEvent, useRef } from "react";

import { askForDraft, offerDraft } from "@/components/form/draft-exchange";
import { inStorage, opened, PREFIX } from "@/components/form/open-drafts";
import { newSubmissionId } from "@/components/form/submission-id";
import { findSecret } from "@/lib/platform/secret-patterns";

/** A working day: whoever comes back to it after a night reads what the record says now. */
const KEPT_MS = 12 * 3_600_000;
/** What a field is called that holds what opens something. */
const SECRET_FIELD = /password|passphrase|secret|token|authorization|credential|api_?key$/i;

/** What fields hold that somebody changed, and what they held before. */
export type Changes = Readonly<Record<string, { readonly was: unknown; readonly is: unknown }>>;

/** As it lies in the browser: of another release, or mended by hand. */
interface KeptDraft {
  readonly at: number;
  /** Another person at the same browser does not get it. */
  readonly whose: string;
  /** Sent again after a reload, it is still done once. */
  readonly submissionId: string;
  readonly changes: Changes;
}

/** What of it is kept: nothing that opens something, not even in the tab. */
export function keepable(changes: Changes): Changes {
  const isSecret = (name: string, { was, is }: Changes[string]) =>
    (typeof is !== "boolean" && SECRET_FIELD.test(name)) || findSecret(JSON.stringify([was, is])) !== null;
  return Object.fromEntries(Object.entries(changes).filter(([name, change]) => !isSecret(name, change)));
}

function viewer(): string {
  return document.querySelector<HTMLElement>("[data-viewer]")?.dataset.viewer ?? "";
}

function isGood(kept: KeptDraft | null): kept is KeptDraft {
  return kept !== null && kept.whose === viewer() && Date.now() - kept.at < KEPT_MS;
}

function keptAt(slot: string): KeptDraft | null {
  const kept = inStorage((tab) => JSON.parse(tab.getItem(slot) ?? "null") as KeptDraft | null);
  if (isGood(kept)) return kept;
  inStorage((tab) => tab.removeItem(slot));
  return null;
}

interface Own {
  slot: string;
  submissionId: string;
  isOver: boolean;
}

/** True where something of it is kept. */
function keep({ slot, submissionId, isOver }: Own, changed: Changes): boolean {
  const changes = keepable(isOver ? {} : changed);
  if (Object.keys(changes).length === 0) {
    inStorage((tab) => tab.removeItem(slot));
    return false;
  }
  const draft: KeptDraft = { at: Date.now(), whose: viewer(), submissionId, changes };
  const put = (tab: Storage) => {
    tab.setItem(slot, JSON.stringify(draft));
    return true;
  };
  return inStorage(put) ?? false;
}

export interface DraftOptions {
  /** What the form is called where it stands. */
  readonly name: string;
  /** Where it is the same form; its page, if not said. */
  readonly where?: string;
  /** What somebody changed in it. */
  readonly read: () => Changes;
  readonly restore: (changes: Changes) => void;
}

export interface Draft {
  /** The same however often the form is sent: an answer that was lost does not make two of it. */
  readonly submissionId: () => string;
  readonly isChanged: () => boolean;
  /** What it holds now is what is there again. */
  readonly keep: () => void;
  /** It is done, or not wanted: nothing of it stays. */
  readonly drop: () => void;
  /** From now on the tab that a mailed sign-in link opens gets it, too. */
  readonly offer: () => void;
}

/**
 * Keeps what somebody changed in a form in the tab's own storage: it is there again when the same form opens after a
 * reload, the end of a session or an upgrade of the hub. What is not changed is not kept: it stays what the record says.
 */
export function useDraft({ name, where, read, restore }: DraftOptions): Draft {
  const own = useRef<Own>({ slot: "", submissionId: "", isOver: false });
  const stop = useRef<() => void>(undefined);
  const readNow = useEffectEvent(read);
  const take = useEffectEvent((kept: KeptDraft | null) => {
    if (!isGood(kept)) return;
    own.current.submissionId = kept.submissionId;
    restore(kept.changes);
  });
  useEffect(() => {
    const slot = `${PREFIX}${where ?? location.pathname} ${name}`;
    own.current = { slot, submissionId: newSubmissionId(), isOver: false };
    const kept = keptAt(slot);
    take(kept);
    const stopWaiting = kept === null ? askForDraft(slot, (handed) => take(handed as KeptDraft | null)) : undefined;
    const closed = opened(() => keep(own.current, readNow()));
    return () => {
      closed();
      stopWaiting?.();
      stop.current?.();
    };
  }, [name, where]);
  return {
    submissionId: () => own.current.submissionId,
    isChanged: () => !own.current.isOver && Object.keys(read()).length > 0,
    keep: () => void keep(own.current, read()),
    drop: () => {
      own.current.isOver = true;
      keep(own.current, {});
    },
    offer: () => {
      stop.current ??= offerDraft(own.current.slot, () => keptAt(own.current.slot));
    },
  };
}
