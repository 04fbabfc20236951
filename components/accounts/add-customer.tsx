"use client";

import { Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";

const AddCustomerDialog = lazyDialog(() => import("./add-customer-dialog").then((module) => module.AddCustomerDialog));

/** For a partner's owner. */
export function AddCustomer({ accountToken }: { accountToken: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus aria-hidden size={16} strokeWidth={1.75} />} onClick={() => setOpen(true)}>
        Add Customer
      </Button>
      {open && <AddCustomerDialog accountToken={accountToken} onClose={() => setOpen(false)} />}
    </>
  );
}
