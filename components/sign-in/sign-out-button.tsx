import { LogOut } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Where a POST from our own pages signs out. */
export const SIGN_OUT_PATH = "/api/auth/signout";

export function SignOutButton({ className }: { className?: string }) {
  return (
    <form method="post" action={SIGN_OUT_PATH}>
      <Button
        type="submit"
        variant="ghost"
        className={className}
        icon={<LogOut aria-hidden size={16} strokeWidth={1.75} />}
      >
        Sign out
      </Button>
    </form>
  );
}
