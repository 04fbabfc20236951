import "server-only";

import { authenticatedKeyOf } from "@/lib/auth/credentials";
import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { noSuchRecord } from "@/lib/platform/errors";
import type { SelfRecord } from "./presenter";

type Found = Pick<SelfRecord, "id" | "name" | "email" | "createdAt" | "updatedAt">;

/** Whom the calling key stands for. @throws DomainError not_found: the person left at this very moment */
export async function findSelf(permit: Permit<"users.self">): Promise<SelfRecord> {
  const { ownAccount, apiKeyId, creatorRole, creatorMembershipId } = authenticatedKeyOf(permit.actor);
  const [self] = await readSql<Found>(
    creatorRole === null
      ? Prisma.sql`SELECT k.id, k.name, NULL AS email, k.created_at AS "createdAt", k.updated_at AS "updatedAt"
          FROM api_keys k WHERE k.account_id = ${ownAccount.id} AND k.id = ${apiKeyId}`
      : Prisma.sql`SELECT u.id, u.name, u.email, u.created_at AS "createdAt", u.created_at AS "updatedAt"
          FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = ${ownAccount.id} AND m.id = ${creatorMembershipId}`,
  );
  if (self === undefined) throw noSuchRecord();
  const membershipId = creatorRole === null ? null : creatorMembershipId;
  return { ...self, role: creatorRole, membershipId, accountId: ownAccount.id };
}
