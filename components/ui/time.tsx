"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { formatDate, formatDateTime, formatInstant, formatRelative, type Zone } from "@/components/ui/time-format";
import { Tooltip } from "@/components/ui/tooltip";

export type TimeStyle = "date" | "dateTime" | "relative";
export type TimeProps = {
  /** ISO 8601; null reads "Never". */
  value: string | null;
  style?: TimeStyle;
  /** The database's now, from which relative times are told. */
  now?: string;
  /** Adds the zone to "dateTime". */
  zone?: boolean;
  never?: string;
  /** No tooltip and no tab stop, where the exact instant already stands beside it. */
  plain?: boolean;
  className?: string;
};

const subscribeToNothing = () => () => {};

/** False on the server and while hydrating, so that both draw the same. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
}

const TICK_MS = 30_000;

/** The page's now plus what has passed here since: the clock of the viewer's machine may be wrong, its pace is not. */
function useNow(anchor: string | undefined, wanted: boolean): Date | null {
  const [beat, setBeat] = useState<{ anchor: string | undefined; now: number } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const began = performance.now();
    const from = anchor ? Date.parse(anchor) : Date.now();
    const tick = () => setBeat({ anchor, now: from + performance.now() - began });
    const first = setTimeout(tick);
    const timer = setInterval(tick, TICK_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [anchor, wanted]);
  if (beat && beat.anchor === anchor) return new Date(beat.now);
  return anchor ? new Date(anchor) : null;
}

export function Time({
  value,
  style = "dateTime",
  now,
  zone = false,
  never = "Never",
  plain = false,
  className,
}: TimeProps) {
  const inBrowser = useInBrowser();
  const current = useNow(now, style === "relative" && value !== null);
  if (value === null) return <span className={className}>{never}</span>;

  const instant = new Date(value);
  const where: Zone = inBrowser ? undefined : "UTC";
  const exact = formatInstant(instant, where);
  const text = wordsFor(instant, style, { where, current, withZone: zone || !inBrowser });
  if (plain) {
    return (
      <time dateTime={value} className={className}>
        {text}
      </time>
    );
  }
  return (
    <Tooltip content={exact}>
      <time dateTime={value} tabIndex={0} className={className}>
        {text}
      </time>
    </Tooltip>
  );
}

function wordsFor(
  instant: Date,
  style: TimeStyle,
  how: { where: Zone; current: Date | null; withZone: boolean },
): string {
  if (style === "date") return formatDate(instant, how.where);
  if (style === "relative" && how.current) return formatRelative(instant, how.current);
  return how.withZone ? formatInstant(instant, how.where) : formatDateTime(instant, how.where);
}
