import { graphemesOf } from '../graphemes.js';
import { renderUncutSms } from '../render.js';
import { sampleTags } from '../sample-tags.js';
import { MAX_SMS_CHARACTERS } from '../sms-cut.js';
import { isGsm, smsParts } from '../sms.js';
import type { CompiledTemplate } from '../template.js';

/** More parts than a reminder takes; each is billed. */
const MAX_PARTS = 3;
/** More characters than this outside GSM-7 are a language that needs them. */
const FEW = 5;

/** What stands for a character in GSM-7 where Unicode's compatibility decomposition knows nothing. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  ...equals("'", '‘’‚‛′´`'),
  ...equals('"', '“”„‟″«»'),
  ...equals('-', '‐‑‒–—―−•·'),
};

/** What makes a template's SMS cost more than it needs to, as a made-up customer would get it. */
export function lintSms(template: CompiledTemplate): string[] {
  const text = renderUncutSms(template, sampleTags(template.locale));
  return [...tooManyParts(text), ...fewOutsideGsm(text)];
}

function tooManyParts(text: string): string[] {
  const { segments, encoding, units } = smsParts(text);
  if (segments <= MAX_PARTS) return [];
  const isCut = text.length > MAX_SMS_CHARACTERS;
  const then = isCut
    ? `each is billed, and what exceeds ${MAX_SMS_CHARACTERS} characters is cut`
    : 'each is billed';
  return [
    `has ${segments} parts for a made-up customer (${encoding}, ${units} characters): ${then}; shorten it to ${MAX_PARTS} parts`,
  ];
}

function fewOutsideGsm(text: string): string[] {
  const outside = [...new Set(graphemesOf(text).filter((each) => !isAllGsm(each)))];
  return outside.length > FEW
    ? []
    : outside.map(
        (each) => `${nameOf(each)} makes it 70 characters a part instead of 160; ${remedyOf(each)}`,
      );
}

const isAllGsm = (text: string): boolean => Array.from(text).every(isGsm);

/** One that cannot be seen is told by its code points. */
const nameOf = (character: string): string =>
  /^[\p{C}\p{Z}\p{M}]+$/u.test(character) ? codePointsOf(character) : `“${character}”`;

const codePointsOf = (text: string): string =>
  Array.from(
    text,
    (each) => `U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  ).join(' ');

function remedyOf(character: string): string {
  const plain = [
    REPLACEMENTS[character],
    character.normalize('NFC'),
    character.normalize('NFKD').replaceAll(/\p{M}/gu, ''),
  ].find((each) => each && isAllGsm(each));
  if (plain === undefined) return 'leave it out';
  return plain === ' ' ? 'write a plain space' : `write ${plain}`;
}

function equals(plain: string, characters: string): Record<string, string> {
  return Object.fromEntries(Array.from(characters, (each) => [each, plain]));
}
