import { z } from "zod";

import type { Endpoint } from "../define-endpoint";
import { singular } from "./json-schemas";

interface Words {
  readonly summary: string;
  readonly operationId: string;
}

/** What no rule says well. */
const NAMED: Readonly<Record<string, Words>> = {
  "GET /api_key": { summary: "Get the calling key", operationId: "getCallingApiKey" },
  "GET /changes": { summary: "Follow what changes", operationId: "followChanges" },
  "GET /users/me": { summary: "Get the calling user", operationId: "getCallingUser" },
  "GET /openapi.json": { summary: "Get this document", operationId: "getApiDocument" },
  "POST /api_keys/revoke_leaked": { summary: "Revoke a leaked key", operationId: "revokeLeakedApiKey" },
  "POST /secret-scanning": { summary: "Receive a secret scanner's findings", operationId: "receiveSecretScan" },
};

const NOTES: Readonly<Record<string, string>> = {
  "GET /vehicles": "Archived vehicles are left out unless `include_archived=1`.",
  "POST /vehicles":
    "Needs a name, a type, a status and the unit of the primary meter. Type and status are named by id or by name (`vehicle_type_name`, `vehicle_status_name`).",
  "PATCH /vehicles/:id":
    "`archived_at` archives now, whatever date it says; null restores. Values of meters follow from readings: written here they are ignored. Of `primary_meter_unit` and `meter_unit`, two names of one thing, the one that differs from what is there counts.",
  "PATCH /contacts/:id": "`archived_at` archives now, whatever date it says; null restores.",
  "POST /meter_entries":
    "A time that comes with the date is kept as `taken_at` (midnight says no more than the day), and puts the readings of a day in order; of those without one the highest counts. A reading that has the meter run back is a 422 that names its neighbours, unless it is void. None may be later than in 24 hours.",
  "GET /webhook_events/:id": "With the record that was sent, whatever the key may read otherwise.",
  "GET /contacts": "Archived contacts are left out unless `include_archived=1`.",
  "DELETE /vehicles/:id": "A vehicle that has assignments or entries cannot be deleted (422): archive it instead.",
  "DELETE /contacts/:id": "A contact that has assignments cannot be deleted (422): archive it instead.",
  "POST /vehicle_assignments":
    "The assignments of one vehicle may not overlap (422). Both times may lie in the future.",
  "GET /vehicles/:id/current_assignment": "404 when nobody has the vehicle now.",
  "POST /webhooks":
    "Each event is a switch of its own; what is left out is off. The answer holds `shared_key`, which signs the deliveries, this once. A partner's key makes the partner's own webhooks with the partner's `Account-Token`.",
  "PATCH /webhooks/:id": "Switches the events that are named; the others stay.",
  "GET /changes":
    "What was changed in the account, in the order in which it was committed and without a gap: nothing is lost however long a change took. A record is told of by each change of its own fields; read it anew by its id. What the key may not read is left out. Walk the lists once, then follow from the `X-Change-Sequence` of a list's first page.",
  "POST /custom_fields":
    "The key of its values follows from the label and stays as it is. Only a `Drop-down` has `choices`.",
  "PATCH /custom_fields/:id":
    "Label, `required` and `choices`; what is left out stays. Values that hold a choice which is taken away stay where they are.",
  "GET /accounts": "The accounts that the key reaches; each has the token that `Account-Token` names.",
  "GET /api_key": "What the key stands for. Never its token.",
  "POST /api_keys/revoke_leaked":
    "Whoever holds a token may end it: no other authentication is asked for. One as `token`, up to 1,000 as `tokens`. The answer is the same whether or not they opened a key. The account's administrators are told by e-mail.",
  "POST /secret-scanning":
    "For secret-scanning partners, in GitHub's format: the signature over the raw body stands in `Github-Public-Key-Signature`, the key's name in `Github-Public-Key-Identifier`. Every key found is revoked.",
};

const VERBS: Readonly<Record<string, string>> = { POST: "create", PATCH: "update", DELETE: "delete" };

const camel = (text: string) => text.trim().replace(/[\s_-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const article = (noun: string) => (/^[aeiou]/.test(noun) ? "an" : "a");

function wordsFor(verb: string, noun: string, isOne: boolean): Words {
  return {
    summary: capital(isOne ? `${verb} ${article(noun)} ${noun}` : `${verb} ${noun}`),
    operationId: camel(`${verb} ${noun}`),
  };
}

export function wordsOf({ method, path, contract }: Endpoint): Words & { readonly note: string | null } {
  const note = NOTES[`${method} ${path}`] ?? null;
  const named = NAMED[`${method} ${path}`];
  if (named) return { ...named, note };
  const [, first = "", second, third] = path.split("/");
  const one = singular(first);
  if (contract.list && third)
    return {
      summary: `List the ${third.replaceAll("_", " ")} of ${article(one)} ${one}`,
      operationId: camel(`list ${third} of ${one}`),
      note,
    };
  if (contract.list)
    return { ...wordsFor("list", `${second ? `${second} ` : ""}${first.replaceAll("_", " ")}`, false), note };
  if (third && method === "PATCH") return { ...wordsFor(third, one, true), note };
  if (third)
    return {
      summary: `Get the ${third.replaceAll("_", " ")} of ${article(one)} ${one}`,
      operationId: camel(`get ${third} of ${one}`),
      note,
    };
  return { ...wordsFor(VERBS[method] ?? "get", one, true), note };
}

/** What the operations are grouped by: the resource whose address they begin with. */
export function groupOf({ path, contract }: Endpoint): string {
  const [, first = ""] = path.split("/");
  if (contract.account === null || first === "api_key") return "API keys";
  if (contract.shape instanceof z.ZodNever) return "Empty collections";
  return capital(first.replaceAll("_", " "));
}
