import fc from 'fast-check';
import { smsParts } from './sms.js';

describe('smsParts', () => {
  it.each([
    ['an empty text', '', 'GSM-7', 0],
    ['160 septets', 'a'.repeat(160), 'GSM-7', 1],
    ['161 septets', 'a'.repeat(161), 'GSM-7', 2],
    ['306 septets', 'a'.repeat(306), 'GSM-7', 2],
    ['307 septets', 'a'.repeat(307), 'GSM-7', 3],
    ['80 euro signs of two septets', '€'.repeat(80), 'GSM-7', 1],
    ['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
    ['70 Cyrillic letters', 'я'.repeat(70), 'UCS-2', 1],
    ['71 Cyrillic letters', 'я'.repeat(71), 'UCS-2', 2],
    ['134 Cyrillic letters', 'я'.repeat(134), 'UCS-2', 2],
    ['135 Cyrillic letters', 'я'.repeat(135), 'UCS-2', 3],
    ['35 emoji of two units', '😀'.repeat(35), 'UCS-2', 1],
    ['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
  ])('counts %s', (_name, text, encoding, segments) => {
    expect(smsParts(text)).toMatchObject({ encoding, segments });
  });

  it.each([...'^{}\\[~]|€', '\f'])('takes two septets for %j', (character) => {
    expect(smsParts(character)).toEqual({ encoding: 'GSM-7', units: 2, segments: 1 });
  });

  it('does not split an escape sequence: 152 letters, an escape and 152 letters need a third part', () => {
    expect(smsParts(`${'a'.repeat(152)}€${'a'.repeat(152)}`).segments).toBe(3);
    expect(smsParts(`${'a'.repeat(151)}€${'a'.repeat(153)}`).segments).toBe(2);
  });

  it('does not split a surrogate pair: 66 letters, an emoji and 66 letters need a third part', () => {
    expect(smsParts(`${'я'.repeat(66)}😀${'я'.repeat(66)}`).segments).toBe(3);
    expect(smsParts(`${'я'.repeat(65)}😀${'я'.repeat(67)}`).segments).toBe(2);
  });

  it('sends a text with one foreign letter or a no-break space as UCS-2', () => {
    expect(smsParts('Hello ы').encoding).toBe('UCS-2');
    expect(smsParts('CHF\u00A05').encoding).toBe('UCS-2');
  });

  it('never needs fewer parts for a longer text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.constantFrom('a', '€', 'я', '😀'),
        (text, more) => {
          expect(smsParts(text + more).segments).toBeGreaterThanOrEqual(smsParts(text).segments);
        },
      ),
    );
  });
});
