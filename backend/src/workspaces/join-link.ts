import { hkdfSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { CrmName } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { JoinLinkInvalid } from './install-errors.ts';
import { findJoinLink, useJoinLink, type JoinTarget } from './join-links-store.ts';

export type JoinClaims = JoinTarget & { readonly crm: CrmName };

/** Makes and reads the tokens of links by which an account joins a workspace. */
export type JoinSigner = {
  sign(claims: JoinClaims, times: { readonly now: Date; readonly expiresAt: Date }): string;
  /** Raises `JoinLinkInvalid`. */
  verify(token: string, now: Date): JoinClaims;
};

const PURPOSE = 'passalong join link';
const KEY_BYTES = 32;
const MAX_CHARACTERS = 2_000;

/**
 * @param secretKeys as for the seal: the first signs, all verify. Each signs with a key made from it for this purpose alone,
 * so that a token is never a key to anything else.
 */
export function createJoinSigner(secretKeys: readonly string[]): JoinSigner {
  const keys = secretKeys.map((text) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(text, 'base64'), '', PURPOSE, KEY_BYTES)),
  );
  const signing = keys[0];
  if (!signing) throw new RangeError('at least one secret key is needed');
  return {
    sign({ linkId, workspaceId, crm }, { now, expiresAt }) {
      const claims = { jti: linkId, sub: workspaceId, aud: PURPOSE, crm, iat: seconds(now), exp: seconds(expiresAt) };
      return jwt.sign(claims, signing, { algorithm: 'HS256' });
    },
    verify(token, now) {
      if (token.length > MAX_CHARACTERS) throw tampered();
      for (const key of keys) {
        const claims = claimsBy(key, { token, now });
        if (claims !== null) return claims;
      }
      throw tampered();
    },
  };
}

/** Null when it was not signed with this key. */
function claimsBy(key: Buffer, { token, now }: { readonly token: string; readonly now: Date }): JoinClaims | null {
  try {
    const claims = jwt.verify(token, key, {
      algorithms: ['HS256'],
      audience: PURPOSE,
      clockTimestamp: seconds(now),
    }) as jwt.JwtPayload;
    const { jti, sub, crm } = claims as { jti?: unknown; sub?: unknown; crm?: unknown };
    if (typeof jti !== 'string' || typeof sub !== 'string' || (crm !== 'hubspot' && crm !== 'salesforce')) return null;
    return { linkId: jti, workspaceId: sub, crm };
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw expired();
    return null;
  }
}

/** The workspace a link opens, when it is ours, in time, for this CRM and not used yet. Raises `JoinLinkInvalid`. */
export async function openJoinLink(
  { database, joins }: { readonly database: Database; readonly joins: JoinSigner },
  input: {
    readonly token: string;
    readonly install: { readonly crm: CrmName; readonly title: string };
    readonly now: Date;
  },
): Promise<JoinTarget> {
  const { linkId, workspaceId, crm } = joins.verify(input.token, input.now);
  if (crm !== input.install.crm) throw new JoinLinkInvalid(`This link is not for ${input.install.title}.`);
  const link = await database.inWorkspace(workspaceId, (tx) => findJoinLink(tx, linkId));
  if (!link || link.crm !== crm) throw tampered();
  if (link.usedAt !== null) throw used();
  return { linkId, workspaceId };
}

/**
 * In the transaction that connects the account, so that a link works once however often it was opened, and not after its
 * ten minutes however early it was.
 */
export async function takeJoinLink(
  tx: TenantTransaction,
  { join, connectionId, now }: { readonly join: JoinTarget; readonly connectionId: string; readonly now: Date },
): Promise<void> {
  if (await useJoinLink(tx, { linkId: join.linkId, connectionId, now })) return;
  const link = await findJoinLink(tx, join.linkId);
  throw link !== null && link.usedAt === null ? expired() : used();
}

function expired(): JoinLinkInvalid {
  return new JoinLinkInvalid('This link is older than ten minutes.');
}

function used(): JoinLinkInvalid {
  return new JoinLinkInvalid('This link was used before.');
}

function tampered(): JoinLinkInvalid {
  return new JoinLinkInvalid('This link was not made here, or was changed on its way.');
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
