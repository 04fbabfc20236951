import { expect, it } from "vitest";

import { DomainError } from "@/lib/platform/errors";
import { acquireFileSlot } from "./file-slots";

it("counts each kind and each account for itself, and frees once what is released twice", () => {
  const held = [1, 2, 3].map(() => acquireFileSlot("export", -1));
  expect(() => acquireFileSlot("export", -1)).toThrow(DomainError);
  const others = [acquireFileSlot("upload", -1), acquireFileSlot("export", -2)];
  held[0]?.release();
  held[0]?.release();
  const next = acquireFileSlot("export", -1);
  expect(() => acquireFileSlot("export", -1)).toThrow("3 files of this account are being exported already");
  for (const file of [...held, ...others, next]) file.release();
});

it("holds nothing for who has not moved for three minutes, and for who has as long as he does", () => {
  let now = 0;
  const clock = () => now;
  const [, , moving] = [1, 2, 3].map(() => acquireFileSlot("export", -3, clock));
  now += 170_000;
  moving?.progress();
  expect(() => acquireFileSlot("export", -3, clock)).toThrow(DomainError);
  now += 20_000;
  const [fourth, fifth] = [acquireFileSlot("export", -3, clock), acquireFileSlot("export", -3, clock)];
  expect(() => acquireFileSlot("export", -3, clock)).toThrow(DomainError);
  for (const file of [moving, fourth, fifth]) file?.release();
});
