"use client";

import { useEffect, useState, type ComponentType } from "react";

import { onDemand, sayNotFetched } from "@/components/ui/on-demand";
import { addToast } from "@/components/ui/toast-store";

/**
 * A dialog that the browser fetches when it is first opened. Not `next/dynamic`: without a fallback of its own that has
 * the whole page replaced by its skeleton meanwhile, and the focus lost.
 */
export function lazyDialog<Props extends { readonly onClose: () => void }>(
  fetchDialog: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const demand = onDemand(fetchDialog);
  return function LazyDialog(props) {
    const [Dialog, setDialog] = useState<ComponentType<Props> | null>(demand.loaded);
    const { onClose } = props;
    useEffect(() => {
      if (Dialog) return;
      let wanted = true;
      demand.load().then(
        (come) => wanted && setDialog(() => come),
        (error: unknown) => {
          if (!wanted) return;
          void sayNotFetched(error).then(addToast);
          onClose();
        },
      );
      return () => {
        wanted = false;
      };
    }, [Dialog, onClose]);
    return Dialog && <Dialog {...props} />;
  };
}
