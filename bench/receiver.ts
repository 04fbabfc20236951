import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes every POST at once; what goes to /dead is never answered. */
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    if (request.url !== "/dead") response.end("taken");
  });
});
server.listen(0, "127.0.0.1", () => {
  process.send?.({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on("disconnect", () => process.exit());
