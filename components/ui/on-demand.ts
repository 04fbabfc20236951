import { keepDrafts } from "@/components/form/open-drafts";
import { NOT_OPENED, type ToastInput } from "@/components/ui/toast-store";

/** A part of the interface that the browser fetches when somebody is about to need it, once for all who do. */
export interface OnDemand<Part> {
  /** Rejects when it could not be fetched; the next call tries again. */
  readonly load: () => Promise<Part>;
  /** Null as long as it has not come. */
  readonly loaded: () => Part | null;
}

export function onDemand<Part>(fetchPart: () => Promise<Part>): OnDemand<Part> {
  let coming: Promise<Part> | null = null;
  let come: Part | null = null;
  const fetchOnce = async () => {
    try {
      come = await fetchPart();
      return come;
    } catch (error) {
      coming = null;
      throw error;
    }
  };
  return { load: () => (coming ??= fetchOnce()), loaded: () => come };
}

const CHUNK = /\/_next\/static\/[^\s"']+/;

/** What a person is told of a part that could not be fetched: a server that does not have the file runs another release. */
export async function sayNotFetched(error: unknown): Promise<ToastInput> {
  const [file] = CHUNK.exec(error instanceof Error ? error.message : "") ?? [];
  const answer = file === undefined ? null : await fetch(file, { method: "HEAD" }).catch(() => null);
  if (answer?.status !== 404) return NOT_OPENED;
  const description = `Reload this page, then open it again.${keepDrafts() ? " What you typed is kept." : ""}`;
  return { tone: "bad", title: "The hub was updated", description };
}
