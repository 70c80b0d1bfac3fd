import { graphemesOf } from '../graphemes.js';
import { renderUncutSms } from '../render.js';
import { sampleTagsFor } from '../sample-tags.js';
import { cutSms, MAX_SMS_CHARACTERS } from '../sms-cut.js';
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
  const text = renderUncutSms(template, sampleTagsFor(template.key, template.locale));
  return [...tooManyParts(text), ...fewOutsideGsm(text)];
}

function tooManyParts(text: string): string[] {
  const { segments, encoding, units } = smsParts(text);
  if (segments <= MAX_PARTS) return [];
  if (text.length > MAX_SMS_CHARACTERS) return [cutAway(text)];
  return [
    `has ${segments} parts for a made-up customer (${encoding}, ${units} characters): each is billed; shorten it to ${MAX_PARTS} parts`,
  ];
}

/** What else a reader has to find there, as an amount or a telephone number, may be what goes. */
function cutAway(text: string): string {
  const sent = cutSms(text);
  const [before, after] = [graphemesOf(text), graphemesOf(sent)];
  const kept = before.findIndex((each, index) => each !== after[index]);
  const lost = before
    .slice(kept, kept + 40)
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return (
    `is longer than an SMS can be (${text.length} characters for a made-up customer, at most ${MAX_SMS_CHARACTERS}): ` +
    `${smsParts(sent).segments} parts go out, without what follows from “${lost}” on, save links and the opt-out; ` +
    `shorten it to ${MAX_PARTS} parts`
  );
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
