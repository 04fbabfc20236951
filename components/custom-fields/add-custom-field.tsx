"use client";

import { Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { CustomRecordType } from "@/generated/prisma/enums";

const CustomFieldDialog = lazyDialog(() => import("./custom-field-dialog").then((module) => module.CustomFieldDialog));

export function AddCustomField({ accountToken, record }: { accountToken: string; record: CustomRecordType | null }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus aria-hidden size={16} strokeWidth={1.75} />} onClick={() => setOpen(true)}>
        Add Custom Field
      </Button>
      {open && (
        <CustomFieldDialog
          accountToken={accountToken}
          field={null}
          record={record ?? "vehicle"}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
