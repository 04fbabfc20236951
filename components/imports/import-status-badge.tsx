import { LoaderCircle, Upload } from "lucide-react";

import { Badge } from "@/components/ui/badge";
import type { ImportStatus } from "@/lib/imports/policy";

export function ImportStatusBadge({ status }: { status: ImportStatus }) {
  switch (status) {
    case "uploaded":
      return (
        <Badge tone="off" icon={Upload}>
          Not started
        </Badge>
      );
    case "running":
      return (
        <Badge tone="warn" icon={LoaderCircle}>
          Running
        </Badge>
      );
    case "done":
      return <Badge tone="ok">Done</Badge>;
    case "stopped":
      return <Badge tone="bad">Stopped</Badge>;
  }
}
