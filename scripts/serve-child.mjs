// The server of `npm run dev`, in a process of its own so that it can be started anew.
import { serve } from "../.build/scripts/serve.mjs";

// Ctrl-C reaches the whole group: the watcher ends this process when it is ready to.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
await serve();
