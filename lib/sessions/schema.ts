import { z } from "zod";

export const sessionInput = z.strictObject({ id: z.int().positive() });
export type SessionInput = z.output<typeof sessionInput>;

export const manySessionsInput = z.strictObject({});
