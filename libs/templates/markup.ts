/** A small tokenizer for MJML and HTML: linear in the length of its input, so that no tenant's template can stall it. */

export interface MarkupAttribute {
  name: string;
  /** Raw, with entities as written; empty when there is none. */
  value: string;
  quoted: boolean;
}

export type MarkupToken =
  | {
      type: 'text';
      start: number;
      end: number;
      /** The raw-text element it stands in, as `style`. */ inside: string | null;
    }
  | { type: 'comment'; start: number; end: number }
  | {
      type: 'open';
      start: number;
      end: number;
      name: string;
      attributes: MarkupAttribute[];
      selfClosing: boolean;
    }
  | { type: 'close'; start: number; end: number; name: string };

/** Elements whose content is not markup (HTML Living Standard, 13.1.2). */
const RAW_TEXT = new Set(['style', 'script', 'title', 'textarea', 'mj-style', 'mj-title', 'mj-preview']);

const SPACE = /\s/;
const NAME_START = /[A-Za-z]/;

export function* markupTokens(source: string): Generator<MarkupToken> {
  let at = 0;
  let inside: string | null = null;
  while (at < source.length) {
    const tag: Exclude<MarkupToken, { type: 'text' }> | null =
      source[at] !== '<' ? null : inside ? closeOf(source, at, inside) : tagAt(source, at);
    const token: MarkupToken = tag ?? { type: 'text', start: at, end: textEnd(source, at), inside };
    yield token;
    if (token.type === 'open' && !token.selfClosing && RAW_TEXT.has(token.name)) inside = token.name;
    if (token.type === 'close') inside = null;
    at = token.end;
  }
}

function textEnd(source: string, start: number): number {
  const next = source.indexOf('<', start + 1);
  return next === -1 ? source.length : next;
}

function tagAt(source: string, at: number): Exclude<MarkupToken, { type: 'text' }> | null {
  if (source.startsWith('<!--', at)) return comment(source, at, '-->');
  if (source.startsWith('<!', at) || source.startsWith('<?', at)) return comment(source, at, '>');
  if (source[at + 1] === '/') return closing(source, at);
  return NAME_START.test(source[at + 1] ?? '') ? opening(source, at) : null;
}

function comment(source: string, start: number, terminator: string): MarkupToken & { type: 'comment' } {
  const found = source.indexOf(terminator, start);
  return { type: 'comment', start, end: found === -1 ? source.length : found + terminator.length };
}

function closing(source: string, start: number): MarkupToken & { type: 'close' } {
  const found = source.indexOf('>', start);
  const end = found === -1 ? source.length : found + 1;
  return {
    type: 'close',
    start,
    end,
    name: source
      .slice(start + 2, found === -1 ? end : found)
      .trim()
      .toLowerCase(),
  };
}

function closeOf(source: string, at: number, name: string): (MarkupToken & { type: 'close' }) | null {
  return source.slice(at, at + name.length + 2).toLowerCase() === `</${name}` ? closing(source, at) : null;
}

function opening(source: string, start: number): MarkupToken & { type: 'open' } {
  const nameEnd = skipUntil(source, start + 1, (c) => SPACE.test(c) || c === '>' || c === '/');
  const attributes: MarkupAttribute[] = [];
  let at = nameEnd;
  while (at < source.length && source[at] !== '>') {
    const [attribute, next] = attributeAt(source, at);
    if (attribute) attributes.push(attribute);
    at = next;
  }
  const name = source.slice(start + 1, nameEnd).toLowerCase();
  return {
    type: 'open',
    start,
    end: Math.min(at + 1, source.length),
    name,
    attributes,
    selfClosing: source[at - 1] === '/',
  };
}

function attributeAt(source: string, start: number): [MarkupAttribute | null, number] {
  if (SPACE.test(source[start] ?? '') || source[start] === '/') return [null, start + 1];
  const nameEnd = skipUntil(source, start + 1, (c) => SPACE.test(c) || '=>/'.includes(c));
  const name = source.slice(start, nameEnd).toLowerCase();
  const equals = skipUntil(source, nameEnd, (c) => !SPACE.test(c));
  if (source[equals] !== '=') return [{ name, value: '', quoted: true }, nameEnd];
  const valueStart = skipUntil(source, equals + 1, (c) => !SPACE.test(c));
  const quote = source[valueStart];
  if (quote === '"' || quote === "'") {
    const found = source.indexOf(quote, valueStart + 1);
    const end = found === -1 ? source.length : found;
    return [{ name, value: source.slice(valueStart + 1, end), quoted: true }, end + 1];
  }
  const end = skipUntil(source, valueStart, (c) => SPACE.test(c) || c === '>');
  return [{ name, value: source.slice(valueStart, end), quoted: false }, end];
}

function skipUntil(source: string, start: number, stop: (character: string) => boolean): number {
  let at = start;
  while (at < source.length && !stop(source.charAt(at))) at += 1;
  return at;
}
