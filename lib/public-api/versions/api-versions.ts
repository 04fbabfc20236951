/** Oldest first; a key is pinned to one, a request may name another. */
export const API_VERSIONS = ["2023-03-01", "2024-01-01", "2024-03-15", "2024-06-30", "2025-05-05"] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

export const LATEST_API_VERSION: ApiVersion = "2025-05-05";

export function isApiVersion(text: string): text is ApiVersion {
  return (API_VERSIONS as readonly string[]).includes(text);
}
