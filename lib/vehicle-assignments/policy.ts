interface Span {
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Whether an assignment ends after it starts; without a start or an end it always does. */
export function endsAfterStart({ startedAt, endedAt }: Span): boolean {
  return startedAt === null || endedAt === null || endedAt > startedAt;
}

/** The time of an assignment in words. */
export function saySpan({ startedAt, endedAt }: Span): string {
  const from = startedAt === null ? "since ever" : `from ${startedAt.toISOString()}`;
  return endedAt === null ? `${from}, without an end` : `${from} until ${endedAt.toISOString()}`;
}
