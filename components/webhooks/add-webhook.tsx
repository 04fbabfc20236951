"use client";

import { Plus } from "lucide-react";
import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { RevealedSecret } from "@/lib/webhooks/service";

const WebhookDialog = lazyDialog(() => import("./webhook-dialog").then((module) => module.WebhookDialog));
const SecretShownDialog = lazyDialog(() => import("./secret-dialogs").then((module) => module.SecretShownDialog));

/** The button, its form, and the secret of what was made; it is forgotten when that closes. */
export function AddWebhook({ space }: { readonly space: Space }) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<RevealedSecret | null>(null);
  return (
    <>
      <Button variant="primary" icon={<Plus aria-hidden size={16} strokeWidth={1.75} />} onClick={() => setOpen(true)}>
        Add Webhook
      </Button>
      {open && (
        <WebhookDialog
          space={space}
          row={null}
          onCreated={(created) => {
            setOpen(false);
            setMade(created);
          }}
          onClose={() => setOpen(false)}
        />
      )}
      {made && <SecretShownDialog title="The webhook is ready" shown={made} onClose={() => setMade(null)} />}
    </>
  );
}
