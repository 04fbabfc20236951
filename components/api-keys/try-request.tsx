"use client";

import { useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { FieldFrame, fieldIds } from "@/components/ui/text-field";

/** What can be read here, and the scope that it needs. */
const READS = [
  { path: "/api/v1/vehicles?per_page=5", label: "Vehicles", needs: "vehicles.read" },
  { path: "/api/v1/contacts?per_page=5", label: "Contacts", needs: "contacts.read" },
  { path: "/api/v1/vehicle_assignments?per_page=5", label: "Vehicle assignments", needs: "vehicle_assignments.read" },
  { path: "/api/v1/api_key", label: "The key itself", needs: null },
] as const;

const TOKEN = /^fah_[0-9A-Za-z]{36}$/;
const TIMEOUT_MS = 15_000;
/** So much of an answer is shown. */
const SHOWN_CHARACTERS = 20_000;

interface Shown {
  /** "200 OK" */
  readonly status: string;
  readonly isGood: boolean;
  readonly explanation: string;
  readonly body: string;
}

/** What to do about an answer that is no success; the API's own sentence comes first. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "Check that the token was copied whole, and that its key is active in the list above.",
  403: "The key is known, but may not do this: look at its scopes, its allowed IP addresses, the role of the person who created it, and this account’s plan and status.",
  404: "The request was understood, but there is nothing at this address for this key.",
  429: "Too many requests in a short time. Wait a minute and send it again.",
  503: "The hub is busy or its database is away for a moment. Send it again in a few seconds.",
};

function inSentences(body: unknown): string {
  const said = typeof body === "object" && body !== null && "detail" in body ? body.detail : null;
  return typeof said === "string" ? said : "";
}

async function read(path: string, token: string, accountToken: string): Promise<Shown> {
  const response = await fetch(path, {
    headers: { Authorization: `Token ${token}`, "Account-Token": accountToken },
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Whatever stands between here and the API may answer with a page of its own: it is shown as it came.
  }
  const pretty = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  const advice =
    ADVICE[response.status] ??
    "The request reached the API, which could not answer it. Send it again; if it stays so, tell support the request id of the answer.";
  return {
    status: `${response.status} ${response.statusText}`.trim(),
    isGood: response.ok,
    explanation: response.ok ? "This key works for this account." : `${inSentences(body)} ${advice}`.trim(),
    body: pretty.length > SHOWN_CHARACTERS ? `${pretty.slice(0, SHOWN_CHARACTERS)}\n…` : pretty,
  };
}

function failureOf(error: unknown): Shown {
  const late = error instanceof DOMException && error.name === "TimeoutError";
  const explanation = late
    ? "No answer came within 15 seconds. Nothing was changed; send it again."
    : "The request did not get through: the connection may be down, or something on this device blocks it. Nothing was changed; send it again.";
  return { status: "No answer", isGood: false, explanation, body: "" };
}

/** A read with a token that the user pastes: it stays in the field, goes to this hub alone, and is stored nowhere. */
export function TryRequest({ accountToken }: { accountToken: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [path, setPath] = useState<string>(READS[0].path);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [shown, setShown] = useState<Shown | null>(null);
  const send = async () => {
    const token = field.current?.value.trim() ?? "";
    setShown(null);
    if (!TOKEN.test(token)) {
      setError(
        token === "" ? "Paste the token of a key." : "This is no whole token: it is fah_ and 36 letters and digits.",
      );
      return field.current?.focus();
    }
    setError(undefined);
    setBusy(true);
    setShown(await read(path, token, accountToken).catch(failureOf));
    setBusy(false);
  };
  const hint = "It is sent with this one request and kept nowhere. A key’s token is shown once, when it is made.";
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <FieldFrame id="try-token" label="Token" hint={hint} error={error}>
          <Input
            {...fieldIds("try-token", { hint, error })}
            ref={field}
            type="password"
            autoComplete="off"
            data-1p-ignore
            data-lpignore="true"
            data-bwignore
            spellCheck={false}
            maxLength={200}
            className="font-mono"
          />
        </FieldFrame>
        <FieldFrame id="try-read" label="Read">
          <Select id="try-read" value={path} onChange={(event) => setPath(event.target.value)}>
            {READS.map(({ path: value, label, needs }) => (
              <option key={value} value={value}>
                {needs === null ? label : `${label} (${needs})`}
              </option>
            ))}
          </Select>
        </FieldFrame>
      </div>
      <div>
        <Button type="submit" busy={busy}>
          Send request
        </Button>
      </div>
      <div role="status" className="grid min-w-0 gap-3">
        {shown && <Answer {...shown} />}
      </div>
    </form>
  );
}

function Answer({ status, isGood, explanation, body }: Shown) {
  return (
    <>
      <Notice tone={isGood ? "info" : "bad"}>
        <span className="font-mono font-medium">{status}</span> {explanation}
      </Notice>
      {body !== "" && (
        <pre
          tabIndex={0}
          role="group"
          aria-label="Answer"
          className="max-h-[360px] overflow-auto rounded-md border border-line p-3 font-mono text-12/5 text-text"
        >
          {body}
        </pre>
      )}
    </>
  );
}
