"use client";

import { useSyncExternalStore } from "react";
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

const TICK_MS = 30_000;
/** Pages in sight that brought a now of their own. */
const ANCHORS_KEPT = 20;

/** One clock for all times of the page: a page has hundreds of them, and they change together. */
const clock = {
  at: 0,
  /** When an anchor was true, by this clock. */
  anchored: new Map<string, number>(),
  listeners: new Set<() => void>(),
  timer: undefined as ReturnType<typeof setInterval> | undefined,
};

function tick(): void {
  clock.at = performance.now();
  for (const listener of clock.listeners) listener();
}

function subscribeToClock(listener: () => void): () => void {
  clock.listeners.add(listener);
  clock.timer ??= setInterval(tick, TICK_MS);
  return () => {
    clock.listeners.delete(listener);
    if (clock.listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}

function whenTrue(anchor: string): number {
  const known = clock.anchored.get(anchor);
  if (known !== undefined) return known;
  for (const [old] of clock.anchored) {
    if (clock.anchored.size < ANCHORS_KEPT) break;
    clock.anchored.delete(old);
  }
  const now = performance.now();
  clock.anchored.set(anchor, now);
  return now;
}

/** The page's now plus what has passed here since: the clock of the viewer's machine may be wrong, its pace is not. */
function nowBy(anchor: string | undefined): number {
  if (anchor === undefined) return performance.timeOrigin + clock.at;
  return Date.parse(anchor) + Math.max(0, clock.at - whenTrue(anchor));
}

const subscribeToNothing = () => () => {};

/** Null on the server and while hydrating, so that both draw the same. */
function useNow(anchor: string | undefined, ticking: boolean): Date | null {
  const now = useSyncExternalStore<number | null>(
    ticking ? subscribeToClock : subscribeToNothing,
    () => nowBy(anchor),
    () => null,
  );
  return now === null ? null : new Date(now);
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
  const here = useNow(now, style === "relative" && value !== null);
  const inBrowser = here !== null;
  if (value === null) return <span className={className}>{never}</span>;

  const instant = new Date(value);
  const where: Zone = inBrowser ? undefined : "UTC";
  const current = here ?? (now === undefined ? null : new Date(now));
  const text = wordsFor(instant, style, { where, current, withZone: zone || !inBrowser });
  if (plain) {
    return (
      <time dateTime={value} className={className}>
        {text}
      </time>
    );
  }
  return (
    <Tooltip content={<ExactTime instant={instant} zone={where} />}>
      <time dateTime={value} tabIndex={0} className={className}>
        {text}
      </time>
    </Tooltip>
  );
}

/** Worked out when it is looked at: most never are. */
function ExactTime({ instant, zone }: { instant: Date; zone: Zone }) {
  return formatInstant(instant, zone);
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
