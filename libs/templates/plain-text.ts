import { restoreLiquid, type LiquidPiece } from './placeholders.js';

const CONTROL_LINE = /^[ \t]*(\{%-?(?:(?!%\})[\s\S])*%\})[ \t]*(?:\r?\n|$)/gm;
const CONTROL_BLOCK = /^[ \t]*(\uE000\d+\uE001)[ \t]*\n\s*/gm;

/**
 * Control flow that stands alone on a line leaves no blank line behind, so that plain text can be laid out as it
 * should read.
 */
export const withoutControlLines = (source: string): string => source.trim().replaceAll(CONTROL_LINE, '$1');

/**
 * The text part made from the HTML, for authors who wrote none. Control flow keeps its place; the blank lines after it
 * go with it.
 * @param html with placeholders in place of Liquid
 */
export async function textFromHtml(html: string, pieces: LiquidPiece[]): Promise<string> {
  const { convert } = await import('html-to-text');
  const text = convert(html, {
    wordwrap: false,
    baseElements: {
      selectors: ['div[role=article]', 'body'],
      returnDomByDefault: true,
      orderBy: 'selectors',
    },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  });
  const tidy = text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return restoreLiquid(withoutBlankLinesAfterControl(tidy, pieces), pieces);
}

function withoutBlankLinesAfterControl(text: string, pieces: LiquidPiece[]): string {
  return text.replaceAll(CONTROL_BLOCK, (found, mark: string) => {
    const index = Number(mark.slice(1, -1));
    return pieces[index]?.kind === 'tag' ? mark : found;
  });
}
