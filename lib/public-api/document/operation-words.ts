import { z } from "zod";

import type { Endpoint, OperationName } from "../define-endpoint";
import { singular } from "./json-schemas";

const VERBS: Readonly<Record<string, string>> = { POST: "create", PATCH: "update", DELETE: "delete" };

const camel = (text: string) => text.trim().replace(/[\s_-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const article = (noun: string) => (/^[aeiou]/.test(noun) ? "an" : "a");

function wordsFor(verb: string, noun: string, isOne: boolean): OperationName {
  return {
    summary: capital(isOne ? `${verb} ${article(noun)} ${noun}` : `${verb} ${noun}`),
    operationId: camel(`${verb} ${noun}`),
  };
}

/** What an operation is called: as its definition says, else by its method and address. */
export function nameOf({ method, path, contract }: Endpoint): OperationName {
  if (contract.named) return contract.named;
  const [, first = "", second, third] = path.split("/");
  const one = singular(first);
  if (contract.list && third)
    return {
      summary: `List the ${third.replaceAll("_", " ")} of ${article(one)} ${one}`,
      operationId: camel(`list ${third} of ${one}`),
    };
  if (contract.list) return wordsFor("list", `${second ? `${second} ` : ""}${first.replaceAll("_", " ")}`, false);
  if (third && method === "PATCH") return wordsFor(third, one, true);
  if (third)
    return {
      summary: `Get the ${third.replaceAll("_", " ")} of ${article(one)} ${one}`,
      operationId: camel(`get ${third} of ${one}`),
    };
  return wordsFor(VERBS[method] ?? "get", one, true);
}

/** What the operations are grouped by: the resource whose address they begin with. */
export function groupOf({ path, contract }: Endpoint): string {
  const [, first = ""] = path.split("/");
  if (contract.account === null || first === "api_key") return "API keys";
  if (contract.shape instanceof z.ZodNever) return "Empty collections";
  return capital(first.replaceAll("_", " "));
}
