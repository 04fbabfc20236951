import { expect, it } from "vitest";

import { DomainError } from "@/lib/platform/errors";
import { holdFile } from "./files-at-once";

it("counts each kind and each account for itself, and frees once what is released twice", () => {
  const held = [1, 2, 3].map(() => holdFile("export", -1));
  expect(() => holdFile("export", -1)).toThrow(DomainError);
  const others = [holdFile("upload", -1), holdFile("export", -2)];
  held[0]?.release();
  held[0]?.release();
  const next = holdFile("export", -1);
  expect(() => holdFile("export", -1)).toThrow("3 files of this account are being exported already");
  for (const file of [...held, ...others, next]) file.release();
});

it("holds nothing for who has not moved for three minutes, and for who has as long as he does", () => {
  let now = 0;
  const clock = () => now;
  const [, , moving] = [1, 2, 3].map(() => holdFile("export", -3, clock));
  now += 170_000;
  moving?.progress();
  expect(() => holdFile("export", -3, clock)).toThrow(DomainError);
  now += 20_000;
  const [fourth, fifth] = [holdFile("export", -3, clock), holdFile("export", -3, clock)];
  expect(() => holdFile("export", -3, clock)).toThrow(DomainError);
  for (const file of [moving, fourth, fifth]) file?.release();
});
