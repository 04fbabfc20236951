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

it("gives the place of who has not moved for three minutes to who wants it, and tells him to end", () => {
  let now = 0;
  const acquire = () => acquireFileSlot("export", -3, () => now);
  const [first, second, third] = [acquire(), acquire(), acquire()];
  now += 170_000;
  third.progress();
  expect(acquire).toThrow(DomainError);
  now += 20_000;
  // While there is a place without it, nobody has to go.
  first.release();
  const fourth = acquire();
  const taken = () => [first, second, third, fourth].map((slot) => slot.taken.aborted);
  expect(taken()).toEqual([false, false, false, false]);
  const fifth = acquire();
  expect(taken()).toEqual([false, true, false, false]);
  expect(acquire).toThrow(DomainError);
  // It is over by now whatever it says, and who has its place keeps it.
  second.release();
  expect(acquire).toThrow(DomainError);
  for (const slot of [third, fourth, fifth]) slot.release();
});
