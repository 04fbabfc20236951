import type { Prisma } from "@/generated/prisma/client";

/**
 * Everything that can happen, and how the audit log says it of its actor ("Olivia West renewed API key …").
 * On the wire an event is the snake_case of its name.
 */
export const EVENTS = {
  "apiKey.created": "created API key",
  "apiKey.edited": "edited API key",
  "apiKey.renewed": "renewed API key",
  "apiKey.regenerated": "regenerated the token of API key",
  "apiKey.revoked": "revoked API key",
  "user.signedIn": "signed in",
  "account.created": "created account",
} as const;

export type EventName = keyof typeof EVENTS;

/** What a change leaves: audit row, webhook and e-mail are readers of it. Never a secret in it. */
export interface DomainEvent {
  readonly name: EventName;
  /** Whose event it is; the permit's account where left out. */
  readonly accountId?: number;
  readonly record: { readonly type: string; readonly id: number | null; readonly name: string };
  /** The facts that changed, as they were. */
  readonly before?: Prisma.InputJsonObject;
  /** The facts that changed, as they are now. */
  readonly after?: Prisma.InputJsonObject;
}
