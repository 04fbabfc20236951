import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { DomainError } from "@/lib/platform/errors";
import { makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { revokeApiKey } from "@/lib/api-keys/service";
import { revokeSelectedInput } from "@/lib/api-keys/schema";
import { recordId, recordIdInAddress, rowInAddress } from "./input-fields";

const LIB = path.resolve(import.meta.dirname, "..");
/** More than a column of the database holds. */
const LARGEST = 2_147_483_647;

const API_FIELD = /\.[a-z]+(_[a-z]+)*_(id|cents)$/;

/** Where whole numbers are taken that no column could hold, and so the database would stumble over. */
function tooLarge(description: unknown, place: string): string[] {
  if (typeof description !== "object" || description === null) return [];
  const { type, maximum } = description as { readonly type?: unknown; readonly maximum?: unknown };
  const isWhole = [type].flat().includes("integer") && !(typeof maximum === "number" && maximum <= LARGEST);
  const within = Object.entries(description).flatMap(([name, part]) => tooLarge(part, `${place}.${name}`));
  // Fields that the API shares are read by functions of input-fields.ts, which its own test holds to the bounds.
  return isWhole && !API_FIELD.test(place) ? [place, ...within] : within;
}

const files = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter((file) =>
  /(^|\/)(schema|jobs|publish-events|notify-disabled)\.ts$/.test(file),
);

/** A schema, or what a job's payload is read by. */
function schemaOf(exported: unknown): z.ZodType[] {
  const found =
    typeof exported === "object" && exported !== null && "payload" in exported ? exported.payload : exported;
  return found instanceof z.ZodType ? [found] : [];
}

describe("what names a record by its number", () => {
  it.each(files)("in %s takes none that no record can have", async (file) => {
    const exported = Object.entries((await import(path.join(LIB, file))) as Record<string, unknown>);
    const schemas = exported.flatMap(([name, value]) => schemaOf(value).map((schema) => ({ name, schema })));
    expect(schemas.length).toBeGreaterThan(0);
    // As it comes, and as it is read: of what stands in an address as text only the second says which number it is.
    const complaints = schemas.flatMap(({ name, schema }) =>
      (["input", "output"] as const).flatMap((io) =>
        tooLarge(z.toJSONSchema(schema, { io, unrepresentable: "any" }), name),
      ),
    );
    expect(complaints).toEqual([]);
  });

  it("is in an address nothing but digits", () => {
    for (const text of [
      "1e9",
      "0x10",
      " 7",
      "7.0",
      "+7",
      "-7",
      "07",
      "0",
      "",
      "NaN",
      String(LARGEST + 1),
      String(2 ** 53),
    ])
      expect(recordIdInAddress().safeParse(text).success, text).toBe(false);
    expect(recordIdInAddress().parse("7")).toBe(7);
    expect([rowInAddress().parse("0"), rowInAddress().parse("7"), rowInAddress().parse("1e9")]).toEqual([0, 7, 0]);
  });

  it("is refused at its field before the database hears of it", async () => {
    for (const id of [LARGEST + 1, 2 ** 53, 1.5, 0, -1, "7", Number.NaN])
      expect(recordId().safeParse(id).success).toBe(false);
    expect(recordId().parse(LARGEST)).toBe(LARGEST);
    expect(revokeSelectedInput.safeParse({ ids: [LARGEST + 1] }).success).toBe(false);
    const { owner, account } = await makeAccountWithPeople();
    const work = revokeApiKey(await permitFor("apiKeys.manage", { user: owner, account }), { id: LARGEST });
    await expect(work).rejects.toBeInstanceOf(DomainError);
  });
});
