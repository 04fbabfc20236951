/** *When* somebody is told of a key. Pure: time comes in as `now`. */

/** Days before the end at which a key's people are told; 0 = it has ended. */
export const STAGE_DAYS = [90, 60, 30, 14, 7, 3, 1, 0] as const;
export type StageDays = (typeof STAGE_DAYS)[number];

/** What a notice says: how far the end is, or what was done to the key. */
export const NOTICE_STAGES = [
  "days_90",
  "days_60",
  "days_30",
  "days_14",
  "days_7",
  "days_3",
  "days_1",
  "expired",
  "created",
  "regenerated",
  "revoked",
  "leaked",
  "creator_left",
  "today",
] as const;
export type NoticeStage = (typeof NOTICE_STAGES)[number];

const EVENT_STAGES = ["created", "regenerated", "revoked", "leaked", "creator_left"] as const;
export type EventStage = (typeof EVENT_STAGES)[number];
/** One that leads to an end. That a key ends later today is a digest's alone: its end is told when it has come. */
export type ExpiryStage = Exclude<NoticeStage, EventStage | "today">;

export function isEventStage(stage: NoticeStage): stage is EventStage {
  return (EVENT_STAGES as readonly NoticeStage[]).includes(stage);
}

export function stageOfDays(days: StageDays): ExpiryStage {
  return days === 0 ? "expired" : `days_${days}`;
}

export function daysOfStage(stage: ExpiryStage): StageDays {
  return stage === "expired" ? 0 : (Number(stage.slice("days_".length)) as StageDays);
}

const DAY_MS = 86_400_000;
/** A term of months is counted in months of 30 days: of a key for 3 months nobody hears 90 days before its end, whatever the season. */
const DAYS_A_MONTH = 30;

export interface ExpiryFacts {
  readonly expiresAt: Date;
  readonly termMonths: number | null;
  readonly termDays: number | null;
}

/** The stages of a key, the most urgent last: a threshold not shorter than its term is never due. */
export function stagesOf({ termMonths, termDays }: Pick<ExpiryFacts, "termMonths" | "termDays">): StageDays[] {
  const term = termMonths === null ? (termDays ?? 0) : termMonths * DAYS_A_MONTH;
  return STAGE_DAYS.filter((days) => days < term || days === 0);
}

/** The most urgent stage that a key has reached; null while there is none. */
export function stageReached(key: ExpiryFacts, now: Date): StageDays | null {
  const left = key.expiresAt.getTime() - now.getTime();
  return stagesOf(key).findLast((days) => left <= days * DAY_MS) ?? null;
}

/** Whole days to go, as people count: what is left of the last one counts. */
export function daysLeft(expiresAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS));
}

const NEARLY_MS = DAY_MS / 2;

/** A key of which "in 1 day" would be said too late: it ends before this day does, within hours. */
export function endsToday(expiresAt: Date, now: Date): boolean {
  return expiresAt < dayOf(now).to && expiresAt.getTime() - now.getTime() < NEARLY_MS;
}

/** The day, in UTC, in which an instant lies: of more than these keys in one day a person hears by one mail. */
export const KEYS_PER_DAY = 5;

export function dayOf(now: Date): { from: Date; to: Date } {
  const from = new Date(now);
  from.setUTCHours(0, 0, 0, 0);
  return { from, to: new Date(from.getTime() + DAY_MS) };
}

/** What goes first when many mails wait. */
export const MAIL_PRIORITIES: Readonly<Record<NoticeStage, number>> = {
  leaked: 0,
  expired: 1,
  revoked: 1,
  regenerated: 1,
  created: 1,
  creator_left: 1,
  today: 2,
  days_1: 2,
  days_3: 3,
  days_7: 4,
  days_14: 5,
  days_30: 6,
  days_60: 7,
  days_90: 8,
};

const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 600;
/** What has waited for so long does not just stand in line: somebody should look after it. */
export const STUCK_AFTER_MINUTES = 60;

/** How long a mail waits after its `attempts`-th failure; never shorter than the provider asked for. */
export function secondsToWait(attempts: number, retryAfterSeconds: number | null): number {
  const backoff = Math.min(FIRST_WAIT_SECONDS * 2 ** Math.min(attempts - 1, 10), LONGEST_WAIT_SECONDS);
  return Math.max(backoff, retryAfterSeconds ?? 0);
}

/** What is known of a notice at the moment of sending. */
export interface NoticeFacts {
  readonly stage: NoticeStage;
  /** The end that the notice speaks of. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  /** The key as it is now. */
  readonly key: ExpiryFacts & { readonly endedOtherwise: boolean };
  /** The person is still one of those who are told. */
  readonly concernsUser: boolean;
}

/** Whether a notice is still worth sending: nobody hears of a stage that somebody has acted on meanwhile. */
export function isStillTrue(notice: NoticeFacts, now: Date): boolean {
  if (!notice.concernsUser) return false;
  // Of a key that has ended there is nothing left to look after.
  if (notice.stage === "creator_left" && (notice.key.endedOtherwise || notice.key.expiresAt <= now)) return false;
  // What happened stays true: a provider that was away for weeks delivers it late.
  if (isEventStage(notice.stage)) return true;
  const isSameEnd = notice.key.expiresAt.getTime() === notice.expiresAt.getTime();
  if (!isSameEnd || notice.key.endedOtherwise) return false;
  if (notice.stage === "today") return notice.expiresAt > now;
  // A later stage has come, whether or not it was written down yet: it will be told instead. After the end comes none.
  const days = daysOfStage(notice.stage);
  return (stageReached(notice.key, now) ?? days) >= days;
}
