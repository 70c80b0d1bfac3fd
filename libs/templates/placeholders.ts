import { TokenKind, Tokenizer } from 'liquidjs';

/** One piece of Liquid, taken out of the markup while MJML works on it. */
export interface LiquidPiece {
  text: string;
  /** `output` prints a value, `tag` is control flow. */
  kind: 'output' | 'tag';
  /** Position in the source. */
  begin: number;
  end: number;
}

/** Private-use characters around the piece's number: nothing in MJML escapes, splits or re-cases them. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
export const PLACEHOLDER = /\uE000(\d+)\uE001/g;
const RESERVED = /[\uE000\uE001]/;

export const hasReservedCharacters = (source: string): boolean => RESERVED.test(source);

export const placeholder = (index: number): string => `${OPEN}${index}${CLOSE}`;

/** Numbers of the placeholders in a piece of markup, in order. */
export const placeholdersIn = (markup: string): number[] =>
  Array.from(markup.matchAll(PLACEHOLDER), (match) => Number(match[1]));

/**
 * Replaces every `{{ … }}` and `{% … %}` by a placeholder. The content of `{% raw %}` stays, as text.
 * Throws liquidjs's TokenizationError for an unclosed one.
 */
export function extractLiquid(source: string): { markup: string; pieces: LiquidPiece[] } {
  const pieces: LiquidPiece[] = [];
  const parts = new Tokenizer(source).readTopLevelTokens().map((token) => {
    if (token.kind === TokenKind.HTML) return source.slice(token.begin, token.end);
    const kind = token.kind === TokenKind.Output ? 'output' : 'tag';
    pieces.push({ kind, begin: token.begin, end: token.end, text: source.slice(token.begin, token.end) });
    return placeholder(pieces.length - 1);
  });
  return { markup: parts.join(''), pieces };
}

export const restoreLiquid = (markup: string, pieces: LiquidPiece[]): string =>
  markup.replaceAll(PLACEHOLDER, (found, index: string) => pieces[Number(index)]?.text ?? found);
