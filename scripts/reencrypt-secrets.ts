import { MissingKeyError } from "@/lib/platform/database/key-canaries";
import { reencryptAll } from "@/lib/platform/database/sealed-columns";
import { WatchdogClient } from "@/lib/platform/database/watchdog-client";
import { env } from "@/lib/platform/env";
import { SEALED } from "./sealed-columns";

const client = new WatchdogClient({ connectionString: env().DATABASE_URL });
await client.connect();
try {
  process.exitCode = (await reencryptAll(client, SEALED, console.log)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof MissingKeyError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await client.end();
}
