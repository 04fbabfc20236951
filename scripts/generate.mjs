import { generate } from "./prepare.mjs";
import { step } from "./steps.mjs";

await step("Database client", generate);
