import { parseArgs } from "node:util";

import { createPartnerInput } from "@/lib/accounts/schema";
import { createPartner, type CreatedPartner } from "@/lib/accounts/create-partner";
import { authorize } from "@/lib/auth/permit";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { endPools } from "@/lib/platform/database/pool";

const USAGE =
  'npm run partner:create -- --name "Northwind Fleet Advisors" --owner olivia@northwind.example [--owner-name "Olivia West"]';

function readOptions(args: string[]) {
  try {
    const options = { name: { type: "string" }, owner: { type: "string" }, "owner-name": { type: "string" } } as const;
    const { values } = parseArgs({ args, options });
    const parsed = createPartnerInput.safeParse({
      name: values.name,
      ownerEmail: values.owner,
      ownerName: values["owner-name"],
    });
    if (parsed.success) return parsed.data;
    return complain(parsed.error.issues.map((issue) => issue.message));
  } catch (error) {
    // Node's own sentence names the option that it does not know.
    return complain([error instanceof Error ? error.message : String(error)]);
  }
}

function complain(sentences: string[]): null {
  console.error([...sentences, "", `Say: ${USAGE}`].join("\n"));
  process.exitCode = 1;
  return null;
}

function sayCreated({ name, token, ownerEmail, done }: CreatedPartner): string {
  const link = `${ownerEmail} gets a link to sign in by e-mail as soon as the hub runs.`;
  switch (done) {
    case "made":
      return `“${name}” is there; its account token is ${token}. ${link}`;
    case "given":
      return `“${name}” (${token}) was there without an owner, and is ${ownerEmail}’s now. ${link}`;
    case "owned":
      return `“${name}” (${token}) was there already, and ${ownerEmail} is its owner: nothing was made. They sign in at ${env().APP_URL}/sign-in.`;
  }
}

async function main(args: string[]): Promise<void> {
  const input = readOptions(args);
  if (input === null) return;
  const actor = { kind: "system", name: "npm run partner:create" } as const;
  const permit = authorize({ actor, account: null, origin: { ip: null, requestId: null } }, "accounts.createPartner");
  try {
    console.log(sayCreated(await createPartner(permit, input)));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    complain([error.reason]);
  } finally {
    await endPools();
  }
}

await main(process.argv.slice(2));
