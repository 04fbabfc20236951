import { startServer } from "@/server/main";

/** The API alone, as a process of its own: what is measured shares its event loop with nothing. */
const server = await startServer();
process.send?.({ address: server.address });
process.once("disconnect", () => void server.close().then(() => process.exit(0)));
