import type { IncomingMessage, ServerResponse } from "node:http";

import { REFUSALS, retryAfter } from "@/lib/entry/refusals";
import { log } from "@/lib/platform/log";
import { withRequestProgress, type RequestProgress } from "@/lib/platform/request-progress";
import { refuse, type AdmittedRequest } from "./edge";
import { answerUnavailable } from "./unavailable-page";

type Handle = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/**
 * Next answers 500 to a body that it cannot take apart, as if something were broken here. It is, once our own code was
 * reached; until then nothing but the body was looked at, and the answer is 400.
 */
export function answerForm(
  handle: Handle,
  req: IncomingMessage,
  res: ServerResponse,
  admitted: AdmittedRequest,
): Promise<void> {
  return answerThrough({ reached: false }, { handle, req, res, admitted });
}

/** Next answers 500 also where our code was reached and found its database away: that is the page of an outage, and 503. */
export function answerPage(
  handle: Handle,
  req: IncomingMessage,
  res: ServerResponse,
  admitted: AdmittedRequest,
): Promise<void> {
  return answerThrough({ reached: true }, { handle, req, res, admitted });
}

interface Request {
  readonly handle: Handle;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly admitted: AdmittedRequest;
}

async function answerThrough(progress: RequestProgress, { handle, req, res, admitted }: Request): Promise<void> {
  const { requestId } = admitted;
  const ours = new Set(res.getHeaderNames());
  const insteadOf = (status: number): (() => void) | null => {
    if (isLostOnTheWay(req, res, status)) return () => answerLost(req, res, requestId);
    if (status !== 500 || (progress.reached && progress.metOutage !== true)) return null;
    return () => (progress.reached ? answerUnavailable : refuseForm(progress))(req, res, requestId);
  };
  beforeAnswer(res, (status) => {
    const answer = insteadOf(status);
    if (answer === null) return false;
    for (const header of res.getHeaderNames()) if (!ours.has(header)) res.removeHeader(header);
    answer();
    return true;
  });
  await withRequestProgress(progress, () => handle(req, res));
}

type GivenAnswer = (req: IncomingMessage, res: ServerResponse, requestId: string) => void;

function refuseForm({ complaint }: RequestProgress): GivenAnswer {
  const { name, stack = "" } = complaint ?? new Error();
  return (req, res, requestId) => {
    // Where it came from, not what it says: the message quotes the body.
    log().warn({ requestId, error: name, from: framesOf(stack) }, "a form could not be read");
    refuse(req, res, 400, "The form could not be read. Reload the page and send it again");
  };
}

/**
 * An action that the page's own part of the program does not hold is sent on by Next, over the network, to a page that
 * does. Where no answer of an action comes back from there, Next says `200 {}`.
 */
function isLostOnTheWay({ headers }: IncomingMessage, res: ServerResponse, status: number): boolean {
  const isJson = String(res.getHeader("content-type")).startsWith("application/json");
  return status === 200 && isJson && headers["next-action"] !== undefined;
}

const answerLost: GivenAnswer = (req, res, requestId) => {
  log().warn({ requestId }, "an action that was sent on brought no answer");
  for (const [name, value] of Object.entries(retryAfter("outcome_unknown"))) res.setHeader(name, value);
  const sentence = "No answer came back, so it is not known whether this was done. Look whether it was, then try again";
  refuse(req, res, REFUSALS.outcome_unknown.file, sentence);
};

function framesOf(stack: string): string[] {
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 5);
}

const WAYS = ["writeHead", "flushHeaders", "write", "end"] as const;
type Ways = Readonly<Record<(typeof WAYS)[number], (this: ServerResponse, ...args: unknown[]) => unknown>>;

function waysOf(res: ServerResponse): Ways {
  const { writeHead, flushHeaders, write, end } = res as Ways;
  return { writeHead, flushHeaders, write, end };
}

/**
 * Calls `giveInstead` once with the status, right before the first byte is sent by whatever method; true means that it
 * gave the answer itself.
 */
function beforeAnswer(res: ServerResponse, giveInstead: (status: number) => boolean): void {
  const own = waysOf(res);
  let isAsked = false;
  let isGiven = false;
  const ask = (status: number): void => {
    isAsked = true;
    // Whatever compresses the answer has wrapped these methods by now: its wrappers are put back afterwards.
    const above = waysOf(res);
    Object.assign(res, own);
    isGiven = !res.headersSent && giveInstead(status);
    if (isGiven) silence(res);
    else Object.assign(res, above);
  };
  for (const way of WAYS) {
    const first = (...args: unknown[]): unknown => {
      if (!isAsked) ask(way === "writeHead" ? Number(args[0]) : res.statusCode);
      return isGiven ? res : own[way].apply(res, args);
    };
    Object.assign(res, { [way]: first });
  }
}

/** What the framework still writes to an answer that was given in its place goes nowhere. */
export function silence(res: ServerResponse): void {
  res.writeHead = () => res;
  res.setHeader = () => res;
  res.appendHeader = () => res;
  res.removeHeader = () => undefined;
  res.flushHeaders = () => undefined;
  res.write = () => true;
  res.end = () => res;
}
