const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a reader takes for one character each, whatever code points it is made of (Unicode UAX #29). */
export const graphemesOf = (text: string): string[] =>
  Array.from(SEGMENTER.segment(text), ({ segment }) => segment);

/** Where a text may be cut: before each such character, and at the end. In UTF-16 units. */
export const graphemeEdges = (text: string): number[] => [
  ...Array.from(SEGMENTER.segment(text), ({ index }) => index),
  text.length,
];
