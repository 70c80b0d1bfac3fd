import fc from 'fast-check';
import { graphemeEdges, graphemesOf } from './graphemes.js';

const WHOLE = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Marks, joiners and letters that stick to what stands before them, behind spaces above all. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', ' ', 'a', 'Я', '\u0301', '\u200d', '\ufe0f', '\u0e33', '\uff9e', '\u0903', '\u0600', '👩', '🇩', '\r', '\n', '각'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join('')); // prettier-ignore

describe('graphemes', () => {
  it('are those of the whole text, though it is gone through word by word', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(graphemesOf(given)).toEqual(Array.from(WHOLE.segment(given), ({ segment }) => segment));
      }),
      { numRuns: 500 },
    );
  });

  it('have an edge before each and one at the end', () => {
    expect(graphemeEdges('')).toEqual([0]);
    expect(graphemeEdges('a 👍🏽e\u0301')).toEqual([0, 1, 2, 6, 8]);
  });
});
