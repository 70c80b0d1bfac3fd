import type { MergeList, MergeListRow } from '#domain/merge-tags.js';
import { formatDays } from './format.js';
import { resolveLocale } from './locale.js';
import { escapeHtml } from './quick-output.js';
import { colours } from './shipped/style.js';

type Stage = MergeList['sections'][number]['stage'];

/** `{date}` and `{days}` are put in already formatted. */
type Words = Record<Stage, string> & { due: string; late: string };

const ENGLISH = of('Overdue', 'Due today', 'Coming due', 'due {date}', '{days} overdue');

const WORDS: Readonly<Record<string, Words>> = {
  en: ENGLISH,
  ru: of(
    'Просрочено',
    'Срок оплаты сегодня',
    'Предстоящие платежи',
    'срок оплаты {date}',
    'просрочка {days}',
  ),
  de: of('Überfällig', 'Heute fällig', 'Demnächst fällig', 'fällig am {date}', '{days} überfällig'),
  es: of('Vencidas', 'Vencen hoy', 'Próximos vencimientos', 'vencimiento: {date}', '{days} de retraso'),
  fr: of('Échues', 'Échéance aujourd’hui', 'À venir', 'échéance : {date}', '{days} de retard'),
  it: of('Scadute', 'In scadenza oggi', 'Prossime scadenze', 'scadenza: {date}', '{days} di ritardo'),
  pt: of('Vencidas', 'Vencem hoje', 'A vencer', 'vencimento: {date}', '{days} de atraso'),
  nl: of('Vervallen', 'Vervalt vandaag', 'Vervalt binnenkort', 'vervaldatum {date}', '{days} te laat'),
  pl: of('Przeterminowane', 'Termin płatności dziś', 'Nadchodzące', 'termin: {date}', '{days} po terminie'),
};

function of(overdue: string, dueToday: string, comingDue: string, due: string, late: string): Words {
  return { overdue, due_today: dueToday, coming_due: comingDue, due, late };
}

const wordsOf = (locale: string): Words => WORDS[resolveLocale(Object.keys(WORDS), locale, 'en')] ?? ENGLISH;

/** `due 29 January 2013, 14 days overdue` */
const whenOf = ({ due_date: date, days_overdue: days }: MergeListRow, words: Words, locale: string): string =>
  [
    words.due.replace('{date}', () => date),
    ...(days > 0 ? [words.late.replace('{days}', () => formatDays(days, locale))] : []),
  ].join(', ');

/** One table a section, in the style of the shipped layout; everything in it is escaped. */
export function listHtml({ sections }: MergeList, locale: string): string {
  const words = wordsOf(locale);
  return sections
    .map(({ stage, rows }) => {
      const lines = rows.map((row) => rowHtml(row, whenOf(row, words, locale))).join('');
      return `<table role="table" width="100%" cellpadding="0" cellspacing="0" border="0" style="${TABLE}"><caption style="${CAPTION}">${escapeHtml(words[stage])}</caption><tbody>${lines}</tbody></table>`;
    })
    .join('');
}

const TABLE = 'width:100%;border-collapse:collapse;table-layout:auto';
const CAPTION = 'padding:14px 0 4px;text-align:left;font-weight:700';
const CELL = `padding:9px 0;vertical-align:top;border-bottom:1px solid ${colours.line}`;

const rowHtml = ({ number, amount }: MergeListRow, when: string): string =>
  `<tr class="line"><th scope="row" style="${CELL};text-align:left;font-weight:400;overflow-wrap:anywhere">${escapeHtml(number)}<br /><span style="font-size:14px">${escapeHtml(when)}</span></th><td style="${CELL};text-align:right;white-space:nowrap;padding-left:12px">${escapeHtml(amount)}</td></tr>`;

/** The same in lines, a blank one between sections. */
export function listText({ sections }: MergeList, locale: string): string {
  const words = wordsOf(locale);
  return sections
    .map(({ stage, rows }) =>
      [words[stage], ...rows.map((row) => `- ${rowText(row, whenOf(row, words, locale))}`)].join('\n'),
    )
    .join('\n\n');
}

const rowText = ({ number, amount }: MergeListRow, when: string): string =>
  `${oneLine(number)}, ${when}: ${amount}`;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
