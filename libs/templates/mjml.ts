import { lineFinder } from './line.js';
import { markupTokens, type MarkupToken } from './markup.js';
import {
  extractLiquid,
  placeholdersIn,
  PLACEHOLDER,
  restoreLiquid,
  type LiquidPiece,
} from './placeholders.js';

export interface MjmlProblem {
  /** 1-based line in the MJML source. */
  line: number | null;
  message: string;
}

export type MjmlResult =
  | { ok: true; /** HTML with placeholders where Liquid belongs. */ markup: string; pieces: LiquidPiece[] }
  | { ok: false; problems: MjmlProblem[] };

/** MJML elements whose content MJML passes on as it is; anywhere else it drops loose text. */
const CONTENT_ELEMENTS = new Set([
  'mj-accordion-text', 'mj-accordion-title', 'mj-button', 'mj-carousel-image', 'mj-html-attribute', 'mj-navbar-link',
  'mj-preview', 'mj-raw', 'mj-social-element', 'mj-style', 'mj-table', 'mj-text', 'mj-title',
]); // prettier-ignore

/** Turns MJML into HTML, with the Liquid in it taken out beforehand. Reads no file and fetches nothing. */
export async function compileMjml(source: string): Promise<MjmlResult> {
  const { markup, pieces } = extractLiquid(source);
  const toSourceLine = lineMapping(markup, pieces);
  const asProblem = (problem: MjmlProblem): MjmlProblem => ({
    line: problem.line === null ? null : toSourceLine(problem.line),
    message: restoreLiquid(problem.message, pieces),
  });
  const { wrapped, problems } = wrapLooseLiquid(markup);
  const { html, errors } = await toHtml(wrapped);
  problems.push(...errors);
  if (problems.length > 0) return { ok: false, problems: problems.map(asProblem) };
  const lost = lostPieces(html, pieces, source);
  return lost.length > 0 ? { ok: false, problems: lost } : { ok: true, markup: html, pieces };
}

async function toHtml(markup: string): Promise<{ html: string; errors: MjmlProblem[] }> {
  const { default: mjml2html } = await import('mjml');
  try {
    const { html, errors } = await mjml2html(markup, {
      validationLevel: 'soft',
      ignoreIncludes: true,
      useMjmlConfigOptions: false,
      keepComments: false,
      minify: false,
      beautify: false,
      fonts: {},
    });
    return { html: withoutIndentation(html), errors: errors.filter((error) => !isLiquidColour(error)) };
  } catch (error) {
    // mjml throws a plain Error for a document it cannot read at all.
    if (!(error instanceof Error)) throw error;
    return { html: '', errors: [{ line: null, message: `MJML cannot read this: ${error.message}` }] };
  }
}

/** A fifth of what MJML writes is indentation, which every message would carry and every snapshot keep. */
const withoutIndentation = (html: string): string =>
  /<(pre|textarea)\b|white-space:\s*pre/i.test(html) ? html : html.replace(/\n\s+/g, '\n');

/** A colour from Liquid is the one attribute value that MJML refuses and that is nevertheless sound. */
const isLiquidColour = ({ message }: MjmlProblem): boolean =>
  /has invalid value: .*\uE000\d+\uE001.* for type Color/s.test(message);

/**
 * Control flow between MJML elements would be dropped as loose text: it is put into `mj-raw`. Other loose text is a
 * mistake that MJML itself would pass over in silence, and so is an include.
 */
function wrapLooseLiquid(markup: string): { wrapped: string; problems: MjmlProblem[] } {
  const problems: MjmlProblem[] = [];
  const parts: string[] = [];
  const lineAt = lineFinder(markup);
  const content = new ContentTracker();
  for (const token of markupTokens(markup)) {
    const text = markup.slice(token.start, token.end);
    const message = content.isInside ? null : looseProblem(token, text);
    if (message) problems.push({ line: lineAt(token.start), message });
    const isLooseLiquid = !content.isInside && token.type === 'text' && placeholdersIn(text).length > 0;
    parts.push(isLooseLiquid ? text.replaceAll(PLACEHOLDER, '<mj-raw>$&</mj-raw>') : text);
    content.follow(token);
  }
  return { wrapped: parts.join(''), problems };
}

function looseProblem(token: MarkupToken, text: string): string | null {
  if (token.type === 'open' && token.name === 'mj-include') {
    return 'mj-include is not allowed: a template cannot read files. Put the content here.';
  }
  const loose = token.type === 'text' ? text.replaceAll(PLACEHOLDER, '').trim() : '';
  return loose === ''
    ? null
    : `MJML would drop the text “${loose.slice(0, 60)}”: put it into mj-text or mj-raw.`;
}

/** Knows whether the markup read so far stands inside an element with free content. */
class ContentTracker {
  private element: string | null = null;
  private depth = 0;

  get isInside(): boolean {
    return this.element !== null;
  }

  follow(token: MarkupToken): void {
    if (token.type === 'open' && !token.selfClosing) this.enter(token.name);
    if (token.type === 'close' && token.name === this.element) this.leave();
  }

  private enter(name: string): void {
    if (this.element === null && CONTENT_ELEMENTS.has(name)) this.element = name;
    if (name === this.element) this.depth += 1;
  }

  private leave(): void {
    this.depth -= 1;
    if (this.depth === 0) this.element = null;
  }
}

/** Placeholders carry no line breaks: this finds a line of the source for a line of the markup. */
function lineMapping(markup: string, pieces: LiquidPiece[]): (line: number) => number {
  const lineAt = lineFinder(markup);
  const starts = Array.from(markup.matchAll(PLACEHOLDER), (match) => lineAt(match.index));
  const breaks = pieces.map((piece) => piece.text.split('\n').length - 1);
  return (line) =>
    starts.reduce((sum, start, index) => (start < line ? sum + (breaks[index] ?? 0) : sum), line);
}

/** Liquid that MJML did not pass on: in a comment, or in an attribute that has no effect. */
function lostPieces(html: string, pieces: LiquidPiece[], source: string): MjmlProblem[] {
  const kept = new Set(placeholdersIn(html));
  const lineAt = lineFinder(source);
  return pieces
    .filter((_piece, index) => !kept.has(index))
    .map(({ text, begin }) => ({
      line: lineAt(begin),
      message: `MJML would drop ${text}: it stands in a comment (use {% comment %}) or in an attribute without effect.`,
    }));
}
