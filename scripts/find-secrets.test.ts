import { afterAll, expect, it, vi } from "vitest";

import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import { mintWebhookSecret } from "@/lib/webhooks/secrets";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeContact } from "@/prisma/factories/contacts-and-entries";

const said: string[] = [];
vi.spyOn(console, "log").mockImplementation((line: unknown) => void said.push(String(line)));
afterAll(() => {
  process.exitCode = 0;
});

it("names each place where a row from before holds a secret, and not the secret", async () => {
  const account = await makeAccount();
  const [{ token }, secret] = [mintApiKeyToken(), mintWebhookSecret()];
  const mistyped = token.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const inName = await makeContact({ account, firstName: `Mine ${token}` });
  const inField = await makeContact({ account, customFields: { note: [secret] } });
  const inList = await makeVehicle({ account, labels: ["a", token] });
  const inNone = await makeContact({ account, firstName: mistyped, jobTitle: "Keeper of the token" });
  await import("./find-secrets");
  const ours = said.filter((line) => line.includes(account.token)).sort();
  const at = (row: string) => `account ${account.token}, ${row}`;
  expect(ours).toEqual(
    [
      at(`contacts ${inName.id}, first_name: holds an API key`),
      at(`contacts ${inName.id}, name: holds an API key`),
      at(`contacts ${inField.id}, custom_fields: holds a webhook’s secret`),
      at(`vehicles ${inList.id}, labels: holds an API key`),
    ].sort(),
  );
  expect(said.join("\n")).not.toContain(token);
  expect(said.join("\n")).not.toContain(secret);
  expect(said.some((line) => line.includes(`contacts ${inNone.id},`))).toBe(false);
  expect(process.exitCode).toBe(1);
});
