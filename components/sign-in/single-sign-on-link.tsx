import { LogIn } from "lucide-react";
import { buttonLook } from "@/components/ui/button-look";

export interface SingleSignOnLinkProps {
  /** What people call their provider. */
  readonly name: string;
  readonly next: string | null;
  /** Asks to prove it anew; opens a new tab, so that what was typed here stays. */
  readonly fresh?: boolean;
}

/** A plain link, not a form: `form-action 'self'` would hold for the redirect to the provider too. */
export function SingleSignOnLink({ name, next, fresh = false }: SingleSignOnLinkProps) {
  const query = new URLSearchParams({ ...(next !== null && { next }), ...(fresh && { fresh: "1" }) }).toString();
  return (
    <a
      href={`/api/auth/signin/oidc${query && `?${query}`}`}
      target={fresh ? "_blank" : undefined}
      className={buttonLook("secondary")}
    >
      <LogIn aria-hidden size={16} strokeWidth={1.75} />
      Sign in with {name}
      {fresh && <span className="sr-only"> (opens a new tab)</span>}
    </a>
  );
}
