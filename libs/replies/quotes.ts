import { fold } from './fold.js';

/** Lines longer than this are nobody's header of a quotation. */
const LONGEST = 400;
/** Mail programs break the line that introduces a quotation. */
const BROKEN_INTO = 4;

const ORIGINAL =
  /^[-_ *>]{2,}\s?(?:original message|forwarded message|ursprungliche nachricht|weitergeleitete nachricht|исходное сообщение|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|mensaje original|mensaje reenviado|message d'origine|message original|message transfere|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|wiadomosc oryginalna|oryginalna wiadomosc|begin forwarded message)\s?[-_ *]{2,}$/;

/** `On Mon, 2 Mar 2026 at 10:00, Anna <a@b.example> wrote:` and how others say it. */
const WROTE: readonly [begins: RegExp, says: RegExp][] = [
  [/^on /, / wrote:$/],
  [/^am /, / schrieb(?: |:)/],
  [/^le /, / a ecrit ?:$/],
  [/^el /, / escribio:$/],
  [/^il /, / ha scritto:$/],
  [/^(?:em|a|no dia) /, / escreveu:$/],
  [/^(?:w dniu|dnia|\S{2,4}, \d) ?/, / napisal(?:\(a\)|a)?:$/],
  [/\d/, /(?:написал(?:\(а\)|а)?|пишет):$/],
];
/** Gmail's in several languages: a date, a name, an address. */
const DATE_AND_ADDRESS = /^[^<>]*\d{4}[^<>]*<[^<>\s]+@[^<>\s]+>:$/;

const [FROM, SENT, TO] = [
  /^\*?(?:from|von|de|da|od|от|от кого) ?:\*? \S/,
  /^\*?(?:sent|date|gesendet|datum|envoye|enviado|enviado el|fecha|inviato|data|wyslano|отправлено|дата) ?:\*? \S/,
  /^\*?(?:to|subject|an|betreff|a|para|objet|asunto|oggetto|assunto|do|temat|кому|тема) ?:\*? \S/,
];

/** How many lines introduce a quotation here: of a reply, of Outlook's header block, of a message sent on; 0 where none do. */
export function quotationAt(
  lines: readonly string[],
  at: number,
): { lines: number; isWhole: boolean } | null {
  const line = lines[at] ?? '';
  if (line === '' || line.length > LONGEST) return null;
  const folded = fold(line).trim();
  if (ORIGINAL.test(folded) || isHeaderBlock(lines, at, folded)) return { lines: 1, isWhole: true };
  if (!WROTE.some(([begins]) => begins.test(folded))) return null;
  const said = spanOf(lines, at).findIndex(introduces);
  return said < 0 ? null : { lines: said + 1, isWhole: false };
}

/** The line, the line with the next, and so on, until one is blank or a quotation. */
function spanOf(lines: readonly string[], at: number): string[] {
  const spans: string[] = [];
  for (const line of lines.slice(at, at + BROKEN_INTO)) {
    if (line.trim() === '' || line.startsWith('>') || line.length > LONGEST) break;
    spans.push(`${spans.at(-1) ?? ''} ${fold(line).trim()}`.trim());
  }
  return spans;
}

const introduces = (span: string): boolean =>
  span.endsWith(':') &&
  /\d/.test(span) &&
  (WROTE.some(([begins, says]) => begins.test(span) && says.test(span)) || DATE_AND_ADDRESS.test(span));

function isHeaderBlock(lines: readonly string[], at: number, folded: string): boolean {
  if (!FROM.test(folded)) return false;
  const next = lines.slice(at + 1, at + 6).map((line) => fold(line.slice(0, LONGEST)).trim());
  return next.some((line) => SENT.test(line)) && next.some((line) => TO.test(line));
}
