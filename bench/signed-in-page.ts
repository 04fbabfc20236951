import { sessionCookieName } from "@/lib/auth/session-cookie";
import { makeApiKey, makePartnerWithPeople, makeSession } from "@/prisma/factories/accounts-and-keys";
import { startProgram } from "./processes";

const PORT = "4712";

interface SignedInPage {
  readonly origin: string;
  /** The API Keys page of a partner with a key. */
  readonly path: string;
  /** Of its owner's session. */
  readonly cookie: string;
}

/** Serves the production build while something is measured on it. */
export async function withSignedInPage<T>(
  environment: Readonly<Record<string, string>>,
  measure: (page: SignedInPage) => Promise<T>,
): Promise<T> {
  const origin = `http://localhost:${PORT}`;
  Object.assign(process.env, environment, { APP_URL: origin, HUB_EMBEDDED: "1" });
  const { account, owner } = await makePartnerWithPeople();
  await makeApiKey({ account, createdBy: owner });
  const cookie = `${sessionCookieName(origin)}=${await makeSession(owner)}`;
  const settings = { PORT, APP_URL: origin, HUB_ROLES: "web", HUB_EMBEDDED: "1", LOG_LEVEL: "silent" };
  const pages = await startProgram("bench/serve-api.ts", { ...environment, ...settings });
  try {
    return await measure({ origin, path: `/${account.token}/api-keys`, cookie });
  } finally {
    await pages.stop();
  }
}
