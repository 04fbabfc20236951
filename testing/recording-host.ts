import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What it answers, by the path without its query: a status, and a value or a text. */
export type HostAnswers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

/** A host of the wire format on this machine, which keeps what it was asked. */
export interface RecordingHost {
  readonly baseUrl: string;
  readonly requests: RecordedRequest[];
  /** From now on; what is not named is a 404. */
  answer(answers: HostAnswers): void;
  close(): Promise<void>;
}

export async function startRecordingHost(): Promise<RecordingHost> {
  const requests: RecordedRequest[] = [];
  let answers: HostAnswers = {};
  const server = createServer((req, res) => {
    const path = req.url ?? "";
    requests.push({ path, headers: req.headers });
    const [status, body] = answers[path.split("?")[0]?.replace(/^\/api\/v1/, "") ?? ""] ?? [404, {}];
    res.writeHead(status, { "Content-Type": typeof body === "string" ? "text/html" : "application/json" });
    res.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
    requests,
    answer: (given) => {
      answers = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
