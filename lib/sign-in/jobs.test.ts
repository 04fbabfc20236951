import { hash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makePerson, makeUser } from "@/prisma/factories/accounts-and-keys";
import { purgeOldSignInsJob, sendSignInLinkJob } from "./jobs";

const mailsTo = (to: string) => db().outboxMail.findMany({ where: { to }, orderBy: { id: "asc" } });
const linksOf = (email: string) => db().signInLink.findMany({ where: { email }, orderBy: { id: "asc" } });
const linkIn = (text: string) => new URL(/https?:\S+\/sign-in\/link\S+/.exec(text)?.[0] ?? "http://missing");

describe("the job that mails a sign-in link", () => {
  it("mails a link of the configured address, for 15 minutes, and keeps only its hash", async () => {
    const { email, name } = await makePerson(await makeAccount(), "member");
    await sendSignInLinkJob.perform({ email });
    const [mail, ...more] = await mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("Sign in to Fleet Advisor Hub");
    expect(mail?.text).toContain(`Hello ${name},`);
    const link = linkIn(mail?.text ?? "");
    expect(link.origin).toBe("http://localhost:3000");
    expect(link.searchParams.get("email")).toBe(email);
    expect([...link.searchParams.keys()].sort()).toEqual(["email", "token"]);
    const token = link.searchParams.get("token") ?? "";
    expect(token).toMatch(/^[\w-]{43}$/);
    const [row] = await linksOf(email);
    expect(Buffer.from(row?.tokenHash ?? []).toString("hex")).toBe(
      hash("sha256", `${token}${env().AUTH_SECRET}`, "hex"),
    );
    expect((row?.expiresAt.getTime() ?? 0) - (row?.createdAt.getTime() ?? 0)).toBe(15 * 60_000);
    expect(row?.usedAt).toBeNull();
  });

  it("leads nowhere by what a link holds, also where a payload has more than its address", async () => {
    const { email } = await makePerson(await makeAccount(), "member");
    await sendSignInLinkJob.perform({ email, next: "/api-keys" });
    const [mail] = await mailsTo(email);
    expect(linkIn(mail?.text ?? "").searchParams.has("next")).toBe(false);
  });

  it("mails nothing to an address of nobody", async () => {
    const email = `nobody-${randomBytes(6).toString("hex")}@example.com`;
    await sendSignInLinkJob.perform({ email });
    expect([await mailsTo(email), await linksOf(email)]).toEqual([[], []]);
  });

  it("mails nothing to a person who belongs to no account", async () => {
    const { email } = await makeUser();
    await sendSignInLinkJob.perform({ email });
    expect([await mailsTo(email), await linksOf(email)]).toEqual([[], []]);
  });

  it("makes another link when it runs twice, and both are good", async () => {
    const { email } = await makePerson(await makeAccount(), "owner");
    await sendSignInLinkJob.perform({ email });
    await sendSignInLinkJob.perform({ email });
    expect(new Set((await mailsTo(email)).map(({ text }) => linkIn(text).searchParams.get("token"))).size).toBe(2);
    expect(await linksOf(email)).toHaveLength(2);
  });

  it("forgets what can decide nothing any more, and nothing else", async () => {
    const { email } = await makePerson(await makeAccount(), "owner");
    await bookkeepingDb().$executeRaw`
      INSERT INTO sign_in_requests (email, ip, created_at) VALUES
        (${email}, '10.1.2.3', clock_timestamp() - interval '25 hours'), (${email}, '10.1.2.3', clock_timestamp() - interval '59 minutes')`;
    await purgeOldSignInsJob.perform({});
    expect(await db().signInRequest.count({ where: { email } })).toBe(1);
  });

  it("refuses a payload that does not fit", async () => {
    await expect(sendSignInLinkJob.perform({ email: 7 })).rejects.toThrow();
  });
});
