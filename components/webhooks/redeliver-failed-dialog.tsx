"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

import { countText } from "@/components/data-table/list-href";
import { FormError } from "@/components/form/form-error";
import { noAnswer } from "@/components/form/no-answer";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { FieldFrame } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toaster";
import { countFailedSinceAction, redeliverFailedAction } from "@/lib/webhooks/actions";
import { KEPT_DAYS } from "@/lib/webhooks/policy";
import type { RedeliverFailedProps } from "./redeliver-failed";

export interface RedeliverFailedDialogProps extends RedeliverFailedProps {
  readonly onClose: () => void;
}

const HOUR_MS = 3_600_000;
const PERIODS = [
  { value: "1", label: "In the last hour" },
  { value: "24", label: "In the last 24 hours" },
  { value: "168", label: "In the last 7 days" },
  { value: String(KEPT_DAYS * 24), label: `In the last ${KEPT_DAYS} days, all that is kept` },
];
const TYPING_MS = 250;

const deliveries = (count: number) => `${countText(count)} ${count === 1 ? "delivery" : "deliveries"}`;

/** The instant from which on; null while it is being typed. */
function sinceOf(period: string, typed: string, now: string): string | null {
  const since = period === "" ? new Date(typed) : new Date(Date.parse(now) - Number(period) * HOUR_MS);
  return Number.isNaN(since.getTime()) || since.getFullYear() < 2000 ? null : since.toISOString();
}

interface Found {
  readonly since: string;
  /** Null where it could not be found out. */
  readonly count: number | null;
}

function useFailedCount({ accountToken, webhookId }: RedeliverFailedDialogProps, since: string | null): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (since === null) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      void countFailedSinceAction(accountToken, { id: webhookId, since })
        .catch(noAnswer)
        .then((answer) => isWanted && setFound({ since, count: answer?.ok ? answer.value.count : null }));
    }, TYPING_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [accountToken, webhookId, since]);
  return found?.since === since ? found : null;
}

function sayFound(since: string | null, found: Found | null): string {
  if (since === null) return "Choose a time.";
  if (found === null) return "Counting…";
  if (found.count === null) return "How many could not be found out. They can be redelivered all the same.";
  if (found.count === 0) return "Nothing failed since then: there is nothing to redeliver.";
  return `${deliveries(found.count)} will be sent again at once.`;
}

type Redelivered = Awaited<ReturnType<typeof redeliverFailedAction>>;
type Progress = { readonly done: number; readonly refused: string | null };

/** Batch by batch, until nothing is left; where one is refused, those before it are on their way all the same. */
async function redeliverAll(
  { accountToken, webhookId }: RedeliverFailedDialogProps,
  since: string,
  report: (done: number) => void,
): Promise<Progress> {
  let done = 0;
  let from = since;
  for (;;) {
    const answer: Redelivered | null = await redeliverFailedAction(accountToken, { id: webhookId, since: from }).catch(
      noAnswer,
    );
    if (answer === null) return { done, refused: "The answer did not arrive. Trying again does no harm." };
    if (!answer.ok) return { done, refused: answer.error.message };
    done += answer.value.redelivered;
    report(done);
    const { goOnFrom } = answer.value;
    if (goOnFrom === null || goOnFrom === from) return { done, refused: null };
    from = goOnFrom;
  }
}

export function RedeliverFailedDialog(props: RedeliverFailedDialogProps) {
  const { now, onClose } = props;
  const router = useRouter();
  const [period, setPeriod] = useState("24");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const since = sinceOf(period, typed, now);
  const found = useFailedCount(props, since);
  const perform = async () => {
    if (since === null) return;
    setBusy(true);
    const outcome = await redeliverAll(props, since, (done) => setProgress({ done, refused: null }));
    setBusy(false);
    router.refresh();
    if (outcome.refused !== null) return setProgress(outcome);
    toast({
      title: `${deliveries(outcome.done)} on the way again`,
      description: "The list shows what becomes of them.",
    });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} onCloseRequest={() => !busy} size="small" describedBy="redeliver-failed-about">
      <DialogHeader title="Redeliver what failed" />
      <DialogBody>
        <p id="redeliver-failed-about">
          Sends again what failed, what was canceled, and what waits for a retry, each with its own webhook-id. What has
          arrived is left alone.
        </p>
        <FieldFrame id="redeliver-period" label="Events that happened">
          <Select id="redeliver-period" value={period} onChange={(event) => setPeriod(event.currentTarget.value)}>
            {PERIODS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            <option value="">Since a time of your choice</option>
          </Select>
        </FieldFrame>
        {period === "" && (
          <FieldFrame id="redeliver-since" label="Since" hint="In your time zone.">
            <Input
              id="redeliver-since"
              type="datetime-local"
              aria-describedby="redeliver-since-hint"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </FieldFrame>
        )}
        <p role="status" className="font-medium text-text">
          {busy ? `${deliveries(progress?.done ?? 0)} sent again so far…` : sayFound(since, found)}
        </p>
        <FormError>
          {progress?.refused &&
            (progress.done > 0
              ? `${deliveries(progress.done)} went out again before this: ${progress.refused}`
              : progress.refused)}
        </FormError>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          busy={busy}
          disabled={since === null || found === null || found.count === 0}
          onClick={() => void perform()}
        >
          Redeliver
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
