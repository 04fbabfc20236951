import { formatDate } from "@/components/ui/time-format";
import type { UsageDay } from "@/lib/api-keys/read-key-usage";

const WIDTH = 300;
const HEIGHT = 64;
const GAP = 2;

function countOf(days: readonly UsageDay[]): number {
  return days.reduce((sum, day) => sum + day.requests, 0);
}

function sayRequests(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "request" : "requests"}`;
}

function inWords(days: readonly UsageDay[]): string {
  const requests = countOf(days);
  const errors = days.reduce((sum, day) => sum + day.errors, 0);
  if (requests === 0) return "No requests in the last 30 days.";
  return `${sayRequests(requests)} in the last 30 days, ${errors.toLocaleString("en")} of them refused or failed.`;
}

/** Requests by day in UTC; what was refused or failed stands dark at a bar's foot. */
export function UsageChart({ days }: { days: readonly UsageDay[] }) {
  if (countOf(days) === 0) return <p className="mt-5 text-text-2">{inWords(days)}</p>;
  const most = Math.max(1, ...days.map((day) => day.requests));
  const step = WIDTH / days.length;
  const height = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT));
  return (
    <figure className="mt-5">
      <figcaption className="mb-2 text-text-2">{inWords(days)}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="h-16 w-full max-w-[420px]"
        preserveAspectRatio="none"
        aria-hidden
      >
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
        {days.map((day, index) => (
          <g key={day.day}>
            <title>{`${formatDate(new Date(`${day.day}T00:00:00Z`), "UTC")}: ${sayRequests(day.requests)}, ${day.errors.toLocaleString("en")} refused or failed`}</title>
            <rect
              x={index * step}
              width={step - GAP}
              y={HEIGHT - height(day.requests)}
              height={height(day.requests)}
              className="fill-accent"
            />
            <rect
              x={index * step}
              width={step - GAP}
              y={HEIGHT - height(day.errors)}
              height={height(day.errors)}
              className="fill-bad"
            />
          </g>
        ))}
      </svg>
    </figure>
  );
}
