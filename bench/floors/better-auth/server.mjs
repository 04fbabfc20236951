// Better Auth's API-key plugin on the same database: one verification a request, its own rate limit and counting off.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import pg from "pg";

const KEYS = 200;
const { DATABASE_URL, PORT, FLOOR_TOKENS, AUTH_SECRET } = process.env;

const options = {
  database: new pg.Pool({ connectionString: DATABASE_URL, max: 10 }),
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: AUTH_SECRET,
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
};
const auth = betterAuth(options);
const { runMigrations } = await getMigrations(options);
await runMigrations();

const body = { name: "Bench", email: "bench@example.com", password: "correct horse battery staple" };
const { user } = await auth.api.signUpEmail({ body });
const tokens = [];
for (let made = 0; made < KEYS; made += 1) {
  const { key } = await auth.api.createApiKey({ body: { name: `Key ${made}`, userId: user.id } });
  tokens.push(key);
}
writeFileSync(FLOOR_TOKENS, tokens.join("\n"));

const server = createServer((req, res) => {
  const key = req.headers.authorization?.slice("Token ".length) ?? "";
  auth.api
    .verifyApiKey({ body: { key } })
    .then(({ valid, key: found }) => {
      res.writeHead(valid ? 200 : 401, { "Content-Type": "application/json" });
      res.end(JSON.stringify({ name: found?.name }));
    })
    .catch(() => res.writeHead(500).end());
});
server.listen(Number(PORT), "127.0.0.1", () => process.send?.({ address: `http://127.0.0.1:${PORT}` }));
process.once("disconnect", () => process.exit(0));
