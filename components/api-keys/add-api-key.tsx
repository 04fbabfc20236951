"use client";

import { Plus } from "lucide-react";
import { createContext, use, useCallback, useState, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { IssuedToken } from "@/lib/api-keys/service";
import { sayReach } from "./key-words";
import type { Space } from "./space";

const fetchTokenDialog = () => import("./one-time-token-dialog").then((module) => module.OneTimeTokenDialog);
const OneTimeTokenDialog = lazyDialog(fetchTokenDialog);
const CreateApiKeyDialog = lazyDialog(async () => {
  // Before a key is made, what shows its token is there: nothing could fetch the token a second time.
  const [{ CreateApiKeyDialog: dialog }] = await Promise.all([import("./create-api-key-dialog"), fetchTokenDialog()]);
  return dialog;
});

export interface ApiKeyIssuerProps {
  readonly space: Space;
  readonly customers: readonly { readonly name: string; readonly token: string }[];
  /** Comes back from a sign-in: the dialog is open again. */
  readonly resume?: boolean;
  /** The page: whatever of it asks for a key, the form and the modal outlive it. */
  readonly children: ReactNode;
}

const Ask = createContext<() => void>(() => undefined);

/** The form of a new key and the one-time modal; the token is forgotten when that closes. */
export function ApiKeyIssuer({ space, customers, resume = false, children }: ApiKeyIssuerProps) {
  const [open, setOpen] = useState(resume);
  const [issued, setIssued] = useState<{ token: IssuedToken; customerCount: number | null } | null>(null);
  const ask = useCallback(() => setOpen(true), []);
  const close = () => setOpen(false);
  return (
    <>
      <Ask value={ask}>{children}</Ask>
      {open && (
        <CreateApiKeyDialog
          space={space}
          customers={customers}
          onIssued={(token, customerCount) => {
            close();
            setIssued({ token, customerCount });
          }}
          onClose={close}
        />
      )}
      {issued && (
        <OneTimeTokenDialog
          issued={issued.token}
          appUrl={space.appUrl}
          reach={sayReach({
            kind: space.kind,
            allCustomers: issued.customerCount === null,
            customerCount: issued.customerCount ?? customers.length,
          })}
          onClose={() => setIssued(null)}
        />
      )}
    </>
  );
}

export function AddApiKey() {
  return (
    <Button variant="primary" icon={<Plus aria-hidden size={16} strokeWidth={1.75} />} onClick={use(Ask)}>
      Add API Key
    </Button>
  );
}
