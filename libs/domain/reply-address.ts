import { isUuid } from './uuid.js';

/** RFC 4648, section 6, in lower case: mail systems may change the case of an address, and this has none to lose. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 26;
const FORM = /\+([a-z2-7]{26})@[^@]+$/i;
/** RFC 5321, 4.5.3.1.1. */
const MAX_LOCAL_PART = 64;

/**
 * The address that answers to a message go to: `<local part>+<contact>@<domain>`, so that the answer names its message
 * whatever else is lost on its way (RFC 5233). An address with no room for it stays as it is.
 */
export function replyAddress(address: string, contactId: string): string {
  const at = address.lastIndexOf('@');
  const local = `${address.slice(0, at)}+${encode(contactId)}`;
  return local.length > MAX_LOCAL_PART ? address : local + address.slice(at);
}

/** The contact that an address made by {@link replyAddress} names; null for any other. */
export function contactOfReplyAddress(address: string): string | null {
  const code = FORM.exec(address.trim())?.[1];
  return code === undefined ? null : decode(code.toLowerCase());
}

/** 128 bits in 26 characters of five; the two bits to spare are zero. */
function encode(id: string): string {
  if (!isUuid(id)) throw new TypeError('An address for answers names a contact by its uuid.');
  let bits = BigInt(`0x${id.replaceAll('-', '')}`) << 2n;
  let code = '';
  for (let i = 0; i < LENGTH; i++, bits >>= 5n) code = ALPHABET.charAt(Number(bits & 31n)) + code;
  return code;
}

function decode(code: string): string | null {
  const bits = [...code].reduce((sum, letter) => (sum << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
  if (bits & 3n) return null;
  const hex = (bits >> 2n).toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
