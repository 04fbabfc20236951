import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import { ReadingTime, type ReadingTimeProps } from "./reading-time";

const said = (reading: ReadingTimeProps) =>
  renderToStaticMarkup(<ReadingTime {...reading} />).replaceAll(/<[^>]+>/g, "");

it("tells the time of a reading that has one, and the day alone of one that has none", () => {
  expect(said({ date: "2026-03-01", takenAt: "2026-03-01T18:05:00.000Z" })).toBe("1 Mar 2026, 18:05 UTC");
  expect(said({ date: "2026-03-01", takenAt: null })).toBe("1 Mar 2026");
});
