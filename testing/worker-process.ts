// The server as it runs, started by itself: what the tests under a shifted clock and SIGKILL look at.
import { startServer } from "@/server/main";

const server = await startServer();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void server.close().then(() => process.exit(0)));
