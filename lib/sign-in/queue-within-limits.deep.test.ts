import { afterEach, expect, it } from "vitest";

import { sessionCookieName } from "@/lib/auth/session-cookie";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makePerson } from "@/prisma/factories/accounts-and-keys";
import { requestSignInLinkAction } from "./actions";
import { handleAuthRequest } from "./handle-auth-request";
import { sendSignInLinkJob } from "./jobs";

const SITE = "http://localhost:3000";
/** An attacker's networks ask in turn: all of them within an hour. */
const NETWORKS = 200;
const STEP_SECONDS = 3600 / NETWORKS;

let email: string;

/** No test of another file may find the job queue full of these. */
afterEach(async () => {
  await bookkeepingDb().$executeRaw`
    DELETE FROM graphile_worker._private_jobs WHERE payload->>'email' IN (${email}, '')`;
});

async function ask(ip: string): Promise<void> {
  const identity = { sessionToken: null, requestedFrom: SITE, ip, requestId: null };
  expect(await requestSignInLinkAction.invoke(identity, { email })).toEqual({ ok: true, value: null });
}

/** What the worker does with the mails queued so far. */
async function sendMails(): Promise<number> {
  const jobs = await bookkeepingDb().$queryRaw<{ payload: unknown }[]>`
    DELETE FROM graphile_worker._private_jobs WHERE payload->>'email' = ${email} RETURNING payload`;
  for (const { payload } of jobs) await sendSignInLinkJob.perform(payload);
  return jobs.length;
}

async function passTime(seconds: number): Promise<void> {
  await bookkeepingDb().$executeRaw`
    WITH requests AS (
      UPDATE sign_in_requests SET created_at = created_at - make_interval(secs => ${seconds}) WHERE email = ${email}
    )
    UPDATE sign_in_links SET created_at = created_at - make_interval(secs => ${seconds}),
      expires_at = expires_at - make_interval(secs => ${seconds}) WHERE email = ${email}`;
}

/** Opens the newest mail and presses the button of its link, in a browser that nobody has used before. */
async function signInByNewestMail(): Promise<boolean> {
  const newest = await db().outboxMail.findFirst({ where: { to: email }, orderBy: { id: "desc" } });
  const link = new URL(/https?:\S+\/sign-in\/link\S+/.exec(newest?.text ?? "")?.[0] ?? "http://missing");
  const form = new URLSearchParams({
    token: link.searchParams.get("token") ?? "",
    email: link.searchParams.get("email") ?? "",
  });
  const request = new Request(`${SITE}/api/auth/callback/email`, {
    method: "POST",
    headers: { origin: SITE, "x-forwarded-for": "198.51.100.1" },
    body: form,
  });
  const [session] = (await handleAuthRequest(request)).headers.getSetCookie();
  return session?.startsWith(`${sessionCookieName(SITE)}=`) ?? false;
}

it("200 networks ask for an hour: 30 mails, and the person is in at any moment, at a second browser at once", async () => {
  ({ email } = await makePerson(await makeAccount(), "owner"));
  const sent: number[] = [];
  for (let network = 0; network < NETWORKS; network += 1) {
    await ask(`203.0.${network}.7`);
    if ((await sendMails()) > 0) sent.push(network * STEP_SECONDS);
    await passTime(STEP_SECONDS);
  }
  expect(sent.length).toBeGreaterThan(25);
  expect(sent.length).toBeLessThanOrEqual(30);
  expect(Math.max(...sent.map((second, at) => second - (sent[at - 1] ?? second)))).toBeLessThanOrEqual(126);
  for (const browser of ["first", "second", "third"]) {
    // The strangers never stop.
    await ask(`203.1.${browser.length}.7`);
    await ask("198.51.100.1");
    await sendMails();
    expect(await signInByNewestMail(), `the ${browser} browser`).toBe(true);
  }
  // A mail that was lost: the next one comes within two minutes, whoever asks for it.
  await ask("203.2.0.7");
  await sendMails();
  await bookkeepingDb().outboxMail.deleteMany({ where: { to: email } });
  await passTime(120);
  await ask("198.51.100.1");
  await sendMails();
  expect(await signInByNewestMail()).toBe(true);
});
