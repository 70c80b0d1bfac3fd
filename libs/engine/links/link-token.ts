import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '#domain/uuid.js';

/** What a link in a message lets whoever holds it do. The letter is part of what is signed: forever the same. */
export const LINK_KINDS = {
  unsubscribe: 'u',
  telegram: 't',
  document: 'd',
  consent: 'c',
  preferences: 'p',
} as const;
export type LinkKind = keyof typeof LINK_KINDS;

export interface LinkToken {
  kind: LinkKind;
  organisationId: string;
  /** The contact to unsubscribe from, or whose document it is; the person whose chat it becomes. */
  subjectId: string;
}

const ID_BYTES = 16;
const MAC_BYTES = 12;
const FORM = /^([utdcp])([\w-]{59})$/;

/**
 * A token of 60 characters of `A–Z a–z 0–9 _ -`, for paths and for Telegram's start parameter, which takes 64 of them.
 *
 * @param secret the organisation's `link_secret`: a new one voids all links of before
 */
export function signLink(secret: Buffer, { kind, organisationId, subjectId }: LinkToken): string {
  const ids = Buffer.concat([bytesOf(organisationId), bytesOf(subjectId)]);
  const letter = LINK_KINDS[kind];
  return letter + Buffer.concat([ids, macOf(secret, letter, ids)]).toString('base64url');
}

/**
 * What a token says, before anybody has proved it: enough to look for the secret it should be signed with.
 *
 * @returns null for a text that is no token
 */
export function readLink(token: string): (LinkToken & { isSignedBy: (secret: Buffer) => boolean }) | null {
  const [, letter = '', rest = ''] = FORM.exec(token) ?? [];
  const kind = (Object.keys(LINK_KINDS) as LinkKind[]).find((each) => LINK_KINDS[each] === letter);
  if (!kind) return null;
  const bytes = Buffer.from(rest, 'base64url');
  // The last character has bits to spare: only one way of writing them is the token.
  if (bytes.toString('base64url') !== rest) return null;
  const ids = bytes.subarray(0, 2 * ID_BYTES);
  const mac = bytes.subarray(2 * ID_BYTES);
  const [organisationId, subjectId] = [uuidOf(ids.subarray(0, ID_BYTES)), uuidOf(ids.subarray(ID_BYTES))];
  const isSignedBy = (secret: Buffer): boolean => timingSafeEqual(mac, macOf(secret, letter, ids));
  return { kind, organisationId, subjectId, isSignedBy };
}

const macOf = (secret: Buffer, letter: string, ids: Buffer): Buffer =>
  createHmac('sha256', secret).update(letter).update(ids).digest().subarray(0, MAC_BYTES);

function bytesOf(id: string): Buffer {
  if (!isUuid(id)) throw new TypeError('A link is signed for ids that are uuids.');
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
