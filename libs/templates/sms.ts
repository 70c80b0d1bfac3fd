import type { SmsEncoding } from '#domain/medium.js';

/** How a text is carried by SMS: what a provider bills is `segments`. */
export interface SmsParts {
  encoding: SmsEncoding;
  segments: number;
  /** Length in the units of the encoding: septets or UTF-16 units. */
  units: number;
}

/** 3GPP TS 23.038, 6.2.1: the default alphabet (without ESC, which no text may contain). */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** 6.2.1.1: the extension table; each takes an escape septet and one more. */
const GSM_EXTENDED = new Set('^{}\\[~]|€\f');

/** 3GPP TS 23.040: 140 octets a message; six of them go to the header that joins parts. */
const LIMITS = { 'GSM-7': { single: 160, joined: 153 }, 'UCS-2': { single: 70, joined: 67 } } as const;

/** Counts the parts a text is split into; neither an escape sequence nor a surrogate pair is split between two. */
export function smsParts(text: string): SmsParts {
  const characters = Array.from(text);
  const encoding = characters.every(isGsm) ? 'GSM-7' : 'UCS-2';
  const sizes = characters.map((character) => unitsOf(character, encoding));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { single, joined } = LIMITS[encoding];
  return { encoding, units, segments: units <= single ? Math.min(1, units) : packed(sizes, joined) };
}

/** Whether one character needs no more than GSM-7. */
export const isGsm = (character: string): boolean => GSM_BASIC.has(character) || GSM_EXTENDED.has(character);

function unitsOf(character: string, encoding: SmsEncoding): number {
  if (encoding === 'UCS-2') return character.length;
  return GSM_EXTENDED.has(character) ? 2 : 1;
}

function packed(sizes: number[], room: number): number {
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > room) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return segments;
}
