import fc from 'fast-check';
import { DEFAULT_COLOUR, safeColour, textOn } from './colour.js';

describe('text on a colour', () => {
  it.each([
    ['#000000', '#ffffff'],
    ['#ffffff', '#000000'],
    ['#ffd400', '#000000'],
    ['#0b5d66', '#ffffff'],
    ['#fff', '#000000'],
  ])('on %s is %s', (colour, expected) => {
    expect(textOn(colour)).toBe(expected);
  });

  it('lets nothing but a hexadecimal colour through', () => {
    expect(safeColour('#AbC')).toBe('#AbC');
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        expect(safeColour(text)).toMatch(/^#[0-9a-f]{3}(?:[0-9a-f]{3})?$/i);
      }),
    );
    expect(safeColour('#abcdef;x')).toBe(DEFAULT_COLOUR);
  });
});
