import type { AccountKind } from "@/generated/prisma/enums";
import type { OutboxPlace } from "@/lib/platform/mail/outbox";

/** The space a page stands in and who looks at it: what the page hands to every control that acts. */
export interface Space {
  readonly token: string;
  readonly kind: AccountKind;
  /** The configured address, such as `https://hub.example.com`. */
  readonly appUrl: string;
  readonly viewer: {
    readonly email: string;
    /** May create and regenerate keys. */
    readonly mayIssue: boolean;
    /** Looks after some customers only. */
    readonly limited: boolean;
  };
  /** Where sign-in mails can be read, when they stay in the local outbox. */
  readonly outbox: OutboxPlace | null;
  /** What people call the single sign-on; null where there is none. */
  readonly singleSignOn: string | null;
}

/** A key's name is its label in a customer's space. */
export function nameWord(space: Pick<Space, "kind">): "Name" | "Label" {
  return space.kind === "partner" ? "Name" : "Label";
}
