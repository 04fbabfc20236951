import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";

export interface ChangeOverNoticeProps {
  /** When it was first seen, ISO 8601; null where nobody could write it down. */
  readonly at: string | null;
}

/** For owners: the database is another server by now, and what it had not heard of by then is not there. */
export function ChangeOverNotice({ at }: ChangeOverNoticeProps) {
  return (
    <Notice tone="warn" className="mb-5">
      The Hub’s database changed over to another server{at === null ? "" : " at "}
      {at !== null && <Time value={at} style="dateTime" />}. What was confirmed just before may be missing: look whether
      the keys you revoked then are revoked, and the people you removed are gone.
    </Notice>
  );
}
