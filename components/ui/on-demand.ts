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
