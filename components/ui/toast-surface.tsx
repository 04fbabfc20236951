"use client";

import { Check, CircleAlert, TriangleAlert, X, type LucideIcon } from "lucide-react";
import { Toast } from "radix-ui";

import { IconButton } from "@/components/ui/icon-button";
import { removeToast, type ToastEntry, type ToastTone } from "@/components/ui/toast-store";

const ICONS: Record<ToastTone, [LucideIcon, string]> = {
  ok: [Check, "text-ok"],
  warn: [TriangleAlert, "text-warn"],
  bad: [CircleAlert, "text-bad"],
};
const SHOWN_MS = 8000;

export function ToastSurface({ entries }: { entries: readonly ToastEntry[] }) {
  return (
    <Toast.Provider duration={SHOWN_MS} label="Notification">
      {entries.map((entry) => (
        <OneToast key={entry.id} entry={entry} />
      ))}
      <Toast.Viewport className="toast-list" />
    </Toast.Provider>
  );
}

function OneToast({ entry }: { entry: ToastEntry }) {
  const [Icon, color] = ICONS[entry.tone ?? "ok"];
  return (
    <Toast.Root type="background" className="toast" onOpenChange={(open) => !open && removeToast(entry.id)}>
      <Icon aria-hidden size={16} strokeWidth={1.75} className={`mt-0.5 shrink-0 ${color}`} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <Toast.Title className="font-medium">{entry.title}</Toast.Title>
        {entry.description && <Toast.Description className="text-text-2">{entry.description}</Toast.Description>}
      </div>
      <Toast.Close asChild>
        <IconButton
          label="Dismiss"
          icon={<X aria-hidden size={14} strokeWidth={1.75} />}
          className="-my-1 -mr-1.5 max-sm:-my-3 max-sm:-mr-3"
        />
      </Toast.Close>
    </Toast.Root>
  );
}
