const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Between a space and a letter with case there is always an edge (UAX #29, GB4 to GB999: neither extends the other).
 * Word by word the segmenter's time grows with the text; over a whole one it grows with its square.
 */
const WORD_EDGE = /(?<= )(?=[\p{Lu}\p{Ll}])/u;

/** What a reader takes for one character each, whatever code points it is made of (Unicode UAX #29). */
export const graphemesOf = (text: string): string[] =>
  text.split(WORD_EDGE).flatMap((word) => Array.from(SEGMENTER.segment(word), ({ segment }) => segment));

/** Where a text may be cut: before each such character, and at the end. In UTF-16 units. */
export function graphemeEdges(text: string): number[] {
  let edge = 0;
  return [0, ...graphemesOf(text).map(({ length }) => (edge += length))];
}
