import { fold } from './fold.js';
import { quotationAt } from './quotes.js';

/** Nobody writes more; what follows is not looked at. */
export const MOST = 100_000;
/** A closing formula further from the end is part of the text. */
const SIGNATURE_LINES = 9;
const SIGNATURE_WIDTH = 90;

/** RFC 3676, 4.3, with the space lost or kept. */
const DELIMITER = /^(?:--|—|__+) ?$/;
const SENT_FROM =
  /^(?:sent from (?:my |mail for|yahoo|outlook|a )|get outlook for|sent with |(?:von meinem|gesendet von|diese nachricht wurde von meinem) |отправлено (?:с|из) |envoye (?:de|depuis) mon |enviado (?:desde|do|de) (?:mi|meu) |inviato da(?:l mio)? |wyslane z )/;
const CLOSING =
  /^(?:(?:best|kind|warm|kindest|many) )?(?:regards|wishes)|^(?:yours )?(?:sincerely|faithfully|truly)|^cheers,?$|^(?:mit )?(?:freundliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|herzliche[nm]?) gru(?:ss|ss?e)|^mfg\b|^с уважением|^всего (?:доброго|хорошего)|^(?:bien )?cordialement|^(?:meilleures )?salutations|^(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?[,.]?$|^atentamente|^(?:cordiali|distinti) saluti|^atenciosamente|^(?:com os )?(?:melhores )?cumprimentos|^z (?:powazaniem|wyrazami)|^pozdrawiam/;

/**
 * What somebody wrote themselves: without what they quote, the line that introduces it, and their signature. Answers between
 * quoted lines stay. Looks at each line a bounded number of times.
 */
export function ownWords(text: string): string {
  const lines = text.slice(0, MOST).replace(/\r\n?/g, '\n').split('\n');
  return withoutSignature(withoutQuotes(lines))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function withoutQuotes(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (/^\s?>/.test(line)) continue;
    const quotation = quotationAt(lines, at);
    if (!quotation) {
      kept.push(line);
      continue;
    }
    // What is quoted without a mark goes on to the end; where it is marked, an answer may follow below.
    if (quotation.isWhole || !isMarked(lines, at + quotation.lines)) break;
    at += quotation.lines - 1;
  }
  return withoutRule(kept);
}

const isMarked = (lines: readonly string[], from: number): boolean =>
  /^\s?>/.test(lines.slice(from, from + 3).find((line) => line.trim() !== '') ?? '');

/** Outlook draws a line before what it quotes. */
function withoutRule(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, /^[_-]{5,}$/.test(lines[last]?.trim() ?? '') ? last : last + 1);
}

function withoutSignature(lines: readonly string[]): string[] {
  const delimiter = lines.findIndex((line) => DELIMITER.test(line));
  const above = delimiter < 0 ? lines : lines.slice(0, delimiter);
  const written = above.filter((line) => line.length > LONG || !SENT_FROM.test(fold(line).trim()));
  const closing = written.findLastIndex(
    (line) => line.length <= SIGNATURE_WIDTH && CLOSING.test(fold(line).trim()),
  );
  return isSignature(written.slice(closing)) && closing > 0 ? written.slice(0, closing) : written;
}
const LONG = 200;

function isSignature(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== '');
  return filled.length <= SIGNATURE_LINES && filled.every((line) => line.length <= SIGNATURE_WIDTH);
}
