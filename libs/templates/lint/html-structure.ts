import { type MarkupToken } from '../markup.js';
import { placeholdersIn, type LiquidPiece } from '../placeholders.js';

/**
 * True when control flow that begins in a piece of markup also ends in it. Only then is the place of every value the
 * same whichever branch is taken, so that one look at the HTML can tell whether it is safe there.
 */
export function isBalanced(markup: string, pieces: LiquidPiece[]): boolean {
  let depth = 0;
  for (const index of placeholdersIn(markup)) {
    const name = /^\{%-?\s*(end)?(if|unless|case|else|elsif|when|comment)?\b/.exec(pieces[index]?.text ?? '');
    if (!name?.[2]) continue;
    const isMiddle = ['else', 'elsif', 'when'].includes(name[2]);
    if (!isMiddle) depth += name[1] ? -1 : 1;
    if (depth < 0 || (isMiddle && depth === 0)) return false;
  }
  return depth === 0;
}

/** What makes a piece of markup read differently from branch to branch, or null. */
export function structureFault(token: MarkupToken, text: string, pieces: LiquidPiece[]): string | null {
  if (token.type === 'text') {
    return /<[!/]?\uE000/.test(text) ? 'The name of an element cannot come from Liquid.' : null;
  }
  const isNamed = token.type === 'open' || token.type === 'close';
  if (isNamed && token.name.includes('\uE000')) {
    return 'Liquid cannot be part of an element’s name; leave a space between the name and the Liquid.';
  }
  const parts = token.type === 'open' ? [text, ...token.attributes.map(({ value }) => value)] : [text];
  if (!parts.every((part) => isBalanced(part, pieces))) {
    return 'Each {% … %} must begin and end in the same text, element or attribute.';
  }
  const names = token.type === 'open' ? token.attributes.map(({ name }) => bareName(name)) : [];
  return names.some((name) => name.includes('\uE000'))
    ? 'Liquid cannot be part of an attribute’s name.'
    : null;
}

/** An attribute's name without the control flow right before it, as in `{% if offer %}title="x"{% endif %}`. */
export const bareName = (name: string): string => name.replace(/^(?:\uE000\d+\uE001)+/, '');
