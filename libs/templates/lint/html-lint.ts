import { MERGE_TAGS, isMergeTag, type MergeTagKind } from '#domain/merge-tags.js';
import { Output } from 'liquidjs';
import { lineFinder } from '../line.js';
import { parseLiquid } from '../liquid.js';
import { markupTokens, type MarkupAttribute, type MarkupToken } from '../markup.js';
import { PLACEHOLDER, placeholdersIn, type LiquidPiece } from '../placeholders.js';
import { mentionsOf } from './expression.js';
import { bareName, structureFault } from './html-structure.js';
import type { PartProblem } from './part-lint.js';

/** A printed value together with what the place it stands in must know. */
interface Printed {
  text: string;
  begin: number;
  kinds: MergeTagKind[];
  filters: string[];
}

const FORBIDDEN_ELEMENTS = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'base',
  'applet',
  'form',
  'link',
  'svg',
  'math',
]);
const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'background', 'poster', 'xlink:href']);
const SAFE_URL = /^(?:https?:\/\/|mailto:|tel:|sms:|cid:|#)/i;
const FIXED_HOST = /^(?:https?:\/\/[^/?#\uE000]+[/?#]|mailto:|sms:|tel:)/i;

/**
 * Checks that no recipient's data can break out of the place where the HTML prints it. Escaping is right for text and
 * quoted attributes; CSS, links and scripts need more.
 * @param html with placeholders in place of Liquid
 */
export function lintHtml(html: string, pieces: LiquidPiece[], source: string): PartProblem[] {
  const lineAt = lineFinder(source);
  const printed = pieces.map((piece) => (piece.kind === 'output' ? printedBy(piece) : null));
  const problems: PartProblem[] = [];
  for (const { message, at } of faultsIn(html, printed, pieces)) {
    const begin = typeof at === 'string' ? source.toLowerCase().indexOf(at.toLowerCase()) : at.begin;
    const tag = typeof at === 'string' ? null : at.text;
    const line = begin === -1 ? null : lineAt(begin);
    if (!problems.some((known) => known.message === message && known.line === line)) {
      problems.push({ line, tag, message });
    }
  }
  return problems;
}

function printedBy(piece: LiquidPiece): Printed {
  const [output] = parseLiquid(piece.text);
  const value = output instanceof Output ? output.value : null;
  const paths = value ? mentionsOf(value).map(({ path }) => path ?? '') : [];
  const kinds = paths.map((path): MergeTagKind => (isMergeTag(path) ? MERGE_TAGS[path].kind : 'text'));
  return {
    text: piece.text,
    begin: piece.begin,
    kinds,
    filters: value?.filters.map(({ name }) => name) ?? [],
  };
}

/** `at` is the printed value, or the static text to look for. */
interface Fault {
  message: string;
  at: Printed | string;
}

function* faultsIn(html: string, printed: (Printed | null)[], pieces: LiquidPiece[]): Generator<Fault> {
  const valuesIn = (markup: string): Printed[] =>
    placeholdersIn(markup).flatMap((index) => printed[index] ?? []);
  for (const token of markupTokens(html)) {
    const text = html.slice(token.start, token.end);
    const structure = structureFault(token, text, pieces);
    if (structure) yield { message: structure, at: firstPiece(text, pieces) };
    if (token.type === 'open') yield* faultsOfElement(token, text, valuesIn);
    else if (token.type === 'text' && token.inside === 'style') yield* faultsOfCss(valuesIn(text));
    else if (token.type === 'comment' && text.startsWith('<!--'))
      yield* faultsIn(text.slice(4, -3), printed, pieces);
  }
}

/** Where to point at: the first Liquid in the markup. */
const firstPiece = (markup: string, pieces: LiquidPiece[]): string =>
  pieces[placeholdersIn(markup)[0] ?? -1]?.text ?? markup;

type ValuesIn = (markup: string) => Printed[];

function* faultsOfElement(
  token: MarkupToken & { type: 'open' },
  text: string,
  valuesIn: ValuesIn,
): Generator<Fault> {
  if (FORBIDDEN_ELEMENTS.has(token.name)) {
    yield { message: `<${token.name}> is not allowed in a message: remove it.`, at: `<${token.name}` };
  }
  const inValues = new Set(
    token.attributes.filter(({ quoted }) => quoted).flatMap(({ value }) => valuesIn(value)),
  );
  for (const value of valuesIn(text)) {
    if (!inValues.has(value)) {
      yield { message: `Put ${value.text} between quotation marks: name="${value.text}".`, at: value };
    }
  }
  for (const attribute of token.attributes) yield* faultsOfAttribute(attribute, valuesIn);
}

function* faultsOfAttribute(attribute: MarkupAttribute, valuesIn: ValuesIn): Generator<Fault> {
  const name = bareName(attribute.name);
  const { value } = attribute;
  yield* valuesIn(value)
    .filter(({ kinds }) => kinds.includes('list'))
    .map((at) => ({ message: `${at.text} is a table: print it in the text of the message.`, at }));
  if (/^on./.test(name) || name === 'srcdoc') {
    yield { message: `The attribute ${name} runs scripts and is not allowed: remove it.`, at: name };
  } else if (name === 'style') yield* faultsOfCss(valuesIn(value));
  else if (URL_ATTRIBUTES.has(name)) yield* faultsOfUrl(name, value, valuesIn(value));
  else if (name === 'srcset')
    yield* valuesIn(value).map((at) => ({ message: 'Use src in place of srcset.', at }));
}

function* faultsOfCss(values: Printed[]): Generator<Fault> {
  for (const value of values) {
    const isColour = value.kinds.every((kind) => kind === 'colour') && value.kinds.length > 0;
    if (!isColour || value.filters.some((filter) => filter !== 'text_on')) {
      yield { message: `${value.text} stands in CSS, where only creditor.colour may be printed.`, at: value };
    }
  }
}

function* faultsOfUrl(name: string, url: string, values: Printed[]): Generator<Fault> {
  const written = url.replaceAll(PLACEHOLDER, '').trim();
  if (written !== '' && !SAFE_URL.test(written)) {
    const message = `${name}="${written.slice(0, 60)}" must be a full address: https://, mailto: or tel:.`;
    yield { message, at: written.slice(0, 60) };
  }
  const prefix = FIXED_HOST.exec(url)?.[0].toLowerCase() ?? null;
  for (const value of values) {
    if (!isSafeInUrl(value, prefix, written)) yield { message: adviceForUrl(name, value), at: value };
  }
}

function isSafeInUrl(value: Printed, prefix: string | null, written: string): boolean {
  const [kind = 'text'] = value.kinds;
  const isPlain = value.filters.length === 0 && value.kinds.length === 1;
  if (kind === 'url' && isPlain && written === '') return true;
  if (prefix === null) return false;
  if (value.filters.at(-1) === 'url_encode') return true;
  if (prefix === 'mailto:') return kind === 'email' && isPlain;
  return (prefix === 'tel:' || prefix === 'sms:') && value.filters.at(-1) === 'tel';
}

function adviceForUrl(name: string, value: Printed): string {
  const inner = value.text.replaceAll(/^\{\{-?|-?\}\}$/g, '').trim();
  return (
    `${value.text} is not safe in ${name}: use a link tag alone (payment.link), ` +
    `{{ ${inner} | url_encode }} after https://…/, a telephone number as tel:{{ … | tel }} or an address as mailto:{{ … }}.`
  );
}
