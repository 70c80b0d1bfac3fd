import { createHash, randomBytes } from 'node:crypto';

export type OrganisationKind = 'live' | 'test';

/** Characters of a key that are kept readable, enough to tell keys apart: `kdy_live_` and four more. */
const HINT_LENGTH = 13;

export interface NewToken {
  /** Shown once. */
  token: string;
  hash: Buffer;
  hint: string;
}

/**
 * SHA-256 and no slow hash: a key is 256 random bits, not a password, so there is nothing to guess.
 */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export const newToken = (kind: OrganisationKind): NewToken => {
  const token = `kdy_${kind}_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token), hint: token.slice(0, HINT_LENGTH) };
};
