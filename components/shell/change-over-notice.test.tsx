import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";

import { ChangeOverNotice } from "./change-over-notice";

const said = (at: string | null) => renderToStaticMarkup(<ChangeOverNotice at={at} />).replaceAll(/<[^>]+>/g, "");

it("says when the database became another server, where that is known, and what to look at", () => {
  expect(said("2026-11-21T12:00:00.000Z")).toMatch(/^The Hub’s database changed over to another server at 21 Nov 2026/);
  for (const at of ["2026-11-21T12:00:00.000Z", null])
    expect(said(at)).toContain(
      "may be missing: look whether the keys you revoked then are revoked, and the people you removed are gone.",
    );
  expect(said(null)).toMatch(/^The Hub’s database changed over to another server\. What/);
});
