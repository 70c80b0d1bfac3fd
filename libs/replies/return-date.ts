import * as chrono from 'chrono-node';
import type { Instant, LocalDate } from '#domain/instant.js';
import { fold } from './fold.js';

interface Absence {
  text: string;
  sentAt: Instant;
  /** BCP 47: `en-US` writes the month first. */
  locale: string;
}

/** An absence says when it ends at its beginning. */
const MOST = 2_000;
const DAY_MS = 86_400_000;
/** A longer absence is a mistake of reading. */
const LONGEST_MS = 400 * DAY_MS;
/** How far before a date the words are that say what it is. */
const BEFORE = 45;
const AFTER = 30;

interface Language {
  parser: (locale: string) => Pick<chrono.Chrono, 'parse'>;
  /** Shortly before the day on which somebody is there again. */
  back: string;
  /** Right before the last day of an absence, or the first after it: languages do not say which. */
  until: string;
  /** Right after the day on which somebody is there again. */
  again?: string;
}

const LANGUAGES: readonly Language[] = [
  {
    parser: (locale) => (/^en-US\b/i.test(locale) ? chrono.en.casual : chrono.en.GB),
    back: String.raw`return\w*|back|available again|resum\w*|reachable again`,
    until: 'until|till|through|thru|to|up to|-|–',
  },
  {
    parser: () => chrono.de.casual,
    back: 'zuruck|wieder|ab|erreichbar',
    until: 'bis(?: zum| einschliesslich| inklusive)?|-|–',
    again: 'wieder|zuruck',
  },
  {
    parser: () => chrono.ru.casual,
    back: 'вернусь|возвращаюсь|возвращусь|буду|выиду|снова|выхожу',
    until: 'до|по',
  },
  {
    parser: () => chrono.es.casual,
    back: String.raw`regres\w*|vuelv\w*|volver\w*|incorpor\w*|de vuelta`,
    until: 'hasta(?: el)?|al',
  },
  {
    parser: () => chrono.fr.casual,
    back: String.raw`retour|reviens|reviendrai|revenir|rentr\w*|de nouveau|a partir du`,
    until: "jusqu'(?:au|a)|au",
  },
  {
    parser: () => chrono.it.casual,
    back: String.raw`rientr\w*|torn\w*|ritorn\w*|di nuovo`,
    until: 'fino al?|sino al|al',
  },
  {
    parser: () => chrono.pt.casual,
    back: String.raw`retorn\w*|regress\w*|volt\w*|de volta`,
    until: 'ate(?: o| a)?|a',
  },
  {
    // After plainDates its months are English.
    parser: () => chrono.en.GB,
    back: String.raw`wroc\w*|wracam|powrot\w*|ponownie`,
    until: 'do',
  },
];

/** A cue, and the few words between it and the date. */
const before = (cues: string, between: number): RegExp =>
  new RegExp(String.raw`(?<!\p{L})(?:${cues})(?: \S+){0,${String(between)}} ?$`, 'u');
const CUES = LANGUAGES.map(({ back, until, again, ...rest }) => ({
  ...rest,
  any: new RegExp(String.raw`(?<!\p{L})(?:${back}|${until})(?!\p{L})`, 'u'),
  back: before(back, 5),
  until: before(until, 2),
  again: again === undefined ? null : new RegExp(String.raw`(?<!\p{L})(?:${again})(?!\p{L})`, 'u'),
}));

/** Words that say that the last day named is one of absence. */
const INCLUSIVE =
  /\b(?:inclusive|incl|einschliesslich|inkl|inclus|incluido|incluso|compreso|inclusivamente|wlacznie)\b|включительно/;
const POLISH: readonly string[] =
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia'.split(
    ' ',
  );
const ENGLISH: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');

/**
 * The day on which an absence says that somebody is there again, else the last one it names; null where it names none, or only
 * days that were over when it was sent.
 */
export function returnDate({ text, sentAt, locale }: Absence): LocalDate | null {
  const readable = plainDates(text.slice(0, MOST));
  const reference = { instant: new Date(sentAt), timezone: 0 };
  const found = CUES.flatMap((language) => datesOf(language, readable, reference, locale));
  const today = localDate(sentAt);
  const latest = localDate(sentAt + LONGEST_MS);
  const [best] = found
    .filter(({ date }) => date >= today && date <= latest)
    .sort((a, b) => b.rank - a.rank || (a.date < b.date ? 1 : -1));
  return best?.date ?? null;
}

interface Found {
  date: LocalDate;
  rank: number;
}

function datesOf(
  language: (typeof CUES)[number],
  text: string,
  reference: { instant: Date; timezone: number },
  locale: string,
): Found[] {
  // A parser is slow, and most languages are not spoken here.
  if (!language.any.test(fold(text))) return [];
  return language
    .parser(locale)
    .parse(text, reference, { forwardDate: true })
    .flatMap((result) => foundOf(language, text, result, localDate(reference.instant.getTime())));
}

function foundOf(
  { back, again, until }: (typeof CUES)[number],
  text: string,
  { index, text: written, start, end }: chrono.ParsedResult,
  today: LocalDate,
): Found[] {
  const last = end ?? start;
  if (!UNITS.some((unit) => last.isCertain(unit))) return [];
  const said = fold(text.slice(Math.max(0, index - BEFORE), index)).replace(/\s+/g, ' ');
  const after = fold(text.slice(index + written.length).slice(0, AFTER));
  // Of a sentence before, nothing is meant for this date.
  const clause = said.slice(said.search(/[^.!?;]*$/));
  const isBack = back.test(clause) || again?.test(after.split(/[.!?;]/)[0] ?? '') === true;
  if (!isBack && !until.test(clause) && !end) return [];
  const isLastDay =
    !isBack && (INCLUSIVE.test(after) || INCLUSIVE.test(clause) || /(?:^|\s)по \S*$/.test(clause));
  // A Monday named on a Monday is the next one.
  const isNext = !last.isCertain('day') && dateOf(last, 0) === today;
  return [{ date: dateOf(last, isNext ? 7 : isLastDay ? 1 : 0), rank: isBack ? 2 : 1 }];
}

const UNITS: readonly chrono.Component[] = ['day', 'weekday', 'month'];

const dateOf = (parts: chrono.ParsedComponents, days: number): LocalDate =>
  localDate(Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, (parts.get('day') ?? 1) + days));

const localDate = (at: Instant): LocalDate => new Date(at).toISOString().slice(0, 10);

/** With dots the day is first wherever dates are written with them; Polish months have no parser. */
const plainDates = (text: string): string =>
  text
    .normalize('NFC')
    .replace(
      /\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b/g,
      (_all, d: string, m: string, y: string) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
    )
    .replace(/\p{L}{4,12}/gu, (word) => ENGLISH[POLISH.indexOf(fold(word))] ?? word);
