import { PageHead } from "@/components/shell/page-head";
import { EmptyState } from "@/components/ui/empty-state";

export interface CredentialsRefusalProps {
  /** He may manage what is of some customers, and not what is of all. */
  readonly limited: boolean;
}

/** Instead of the credentials, for who may not see them. */
export function CredentialsRefusal({ limited }: CredentialsRefusalProps) {
  return (
    <>
      <PageHead title="Integrations" purpose="What exchanges data with this account." />
      <EmptyState title="Credentials are not for your role">
        {limited
          ? "You look after some customers of this account, and a credential may reach all of them. Ask an owner, or an administrator who looks after the whole account."
          : "Owners and administrators of this account manage its credentials, and you are a member. Ask one of them."}
      </EmptyState>
    </>
  );
}
