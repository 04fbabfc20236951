import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFoundPage() {
  return (
    <main className="mx-auto max-w-[640px] p-8 max-sm:p-4">
      <title>Page not found · Fleet Advisor Hub</title>
      <EmptyState title="There is no such page" action={<ButtonLink href="/">Go to your account</ButtonLink>}>
        The address may be mistyped, or it belongs to an account that you have no access to.
      </EmptyState>
    </main>
  );
}
