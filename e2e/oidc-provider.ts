import type { AddressInfo } from "node:net";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Provider from "oidc-provider";

/** What a provider says of a person. Providers differ in what they leave out, and some write the truth as a text. */
export interface ProviderClaims {
  readonly email?: string;
  readonly email_verified?: boolean | string;
  readonly name?: string;
}

/** The claims are what userinfo says. */
export interface ProviderPerson extends ProviderClaims {
  readonly inIdToken?: ProviderClaims;
}

export interface LocalProvider {
  readonly issuer: string;
  /** Who can sign in there, by subject. */
  readonly people: Map<string, ProviderPerson>;
  /** Each step that it asked a person for, such as "login", and with which parameters. */
  readonly asked: Record<string, unknown>[];
  readonly close: () => Promise<void>;
}

export const CLIENT = { id: "fleet-advisor-hub", secret: "a-secret-of-the-test-s-own-provider-alone" };

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return new URLSearchParams(text);
}

const LOG_IN_PAGE = `<!doctype html><html lang="en"><title>Test provider</title><link rel="icon" href="data:,"><h1>Test provider</h1>
<form method="post"><label>Subject <input name="subject"></label><button>Log in</button></form>`;

/** Logs in and consents in one step. */
async function interact(
  provider: Provider,
  asked: Record<string, unknown>[],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { prompt, params, grantId } = await provider.interactionDetails(req, res);
  asked.push({ step: prompt.name, ...params });
  if (req.method === "GET" && prompt.name === "login") {
    res.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(LOG_IN_PAGE);
    return;
  }
  const details = await provider.interactionDetails(req, res);
  if (prompt.name === "login") {
    const accountId = (await readForm(req)).get("subject") ?? "";
    return provider.interactionFinished(req, res, { login: { accountId } }, { mergeWithLastSubmission: false });
  }
  const accountId = details.session?.accountId ?? "";
  const grant =
    (grantId ? await provider.Grant.find(grantId) : undefined) ??
    new provider.Grant({ accountId, clientId: CLIENT.id });
  grant.addOIDCScope("openid email profile");
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(req, res, { consent }, { mergeWithLastSubmission: true });
}

/** A real OpenID provider on this machine, for a hub at `appUrl`. */
export async function startLocalProvider(appUrl: string): Promise<LocalProvider> {
  const people = new Map<string, ProviderPerson>();
  const asked: Record<string, unknown>[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [`${appUrl}/api/auth/callback/oidc`] },
    ],
    claims: { email: ["email", "email_verified"], profile: ["name"] },
    // What stands in the ID token is each person's own matter (inIdToken).
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => {
      const person = people.get(accountId);
      if (person === undefined) return undefined;
      const { inIdToken = {}, ...inUserinfo } = person;
      const claims = (use: string) => ({ sub: accountId, ...(use === "id_token" ? inIdToken : inUserinfo) });
      return { accountId, claims };
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ["a key of the test's own"] },
  });
  const answer = provider.callback();
  server.on("request", (req, res) => {
    if (!req.url?.startsWith("/interaction/")) return void answer(req, res);
    interact(provider, asked, req, res).catch((error: unknown) => res.writeHead(500).end(String(error)));
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { issuer, people, asked, close };
}
