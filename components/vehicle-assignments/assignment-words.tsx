import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { AssignmentState } from "@/lib/vehicle-assignments/policy";

const STATES = {
  current: { tone: "ok", word: "Current" },
  future: { tone: "warn", word: "Future" },
  past: { tone: "off", word: "Past" },
} as const satisfies Record<AssignmentState, object>;

export function AssignmentStateBadge({ state }: { state: AssignmentState }) {
  return <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge>;
}

export function StartTime({ value }: { value: string | null }) {
  return value === null ? <>From the beginning</> : <Time value={value} />;
}

export function EndTime({ value }: { value: string | null }) {
  return value === null ? <span className="text-text-3">No end</span> : <Time value={value} />;
}
