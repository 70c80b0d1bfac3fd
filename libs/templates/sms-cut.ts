import { STOP, STOP_ALONE } from '#replies/index.js';
import { graphemeEdges } from './graphemes.js';
import { smsParts } from './sms.js';

/**
 * Twilio refuses a longer body with error 21617. It does not say how it counts beyond that an emoji is several
 * characters: UTF-16 units, of which an emoji has two or more, are that.
 * https://www.twilio.com/docs/api/errors/21617
 */
export const MAX_SMS_CHARACTERS = 1_600;

const wordsOf = (lists: readonly string[]): string[] => lists.flatMap((list) => list.split(', '));
/** In whatever letters it is written. */
const anyCase = (word: string): string =>
  Array.from(word, (each) => {
    const [lower, upper] = [each.toLowerCase(), each.toUpperCase()];
    return lower === upper || upper.length !== each.length ? each : `[${lower}${upper}]`;
  }).join('');
const alone = (words: readonly string[]): string =>
  String.raw`(?<![\p{L}\p{N}])(?:${words.join('|')})(?![\p{L}\p{N}])`;

/** With a scheme, or as it is written where characters are dear: `www.…`, `host.example/…`. */
const LINK = String.raw`(?:${anyCase('http')}[sS]?:\/\/|${anyCase('www')}\.|(?<![\p{L}\p{N}_.-])(?:[\w-]+\.)+[a-zA-Z]{2,}\/)\S+`;

/** What a message tells people to write when they want no more. */
const STOP_WORD = alone(wordsOf(STOP).map(anyCase));

/** How people are told to write back. */
const ANSWER = [
  'reply', 'text', 'txt', 'send', 'write', 'respond', 'ответьте', 'отправьте', 'напишите', 'пришлите', 'antworten sie',
  'antworte', 'schreiben sie', 'schreib', 'senden sie', 'sende', 'responda', 'responde', 'conteste', 'envíe', 'envía',
  'escriba', 'répondez', 'réponds', 'envoyez', 'écrivez', 'rispondi', 'risponda', 'invia', 'scrivi', 'envie', 'escreva',
  'odpisz', 'odpowiedz', 'wyślij', 'napisz',
]; // prettier-ignore
/** Words that mean something else elsewhere ("the end of May") are one behind that, in capitals, in quotes, or as the last. */
const ALONE = wordsOf(STOP_ALONE);
const MARKED = [
  alone(ALONE.map((word) => word.toUpperCase())),
  String.raw`(?<=["'“”„«‘])${alone(ALONE.map(anyCase))}`,
  String.raw`${alone(ALONE.map(anyCase))}(?=["”“»’']?(?:[.!?]|\s*$|\n))`,
].join('|');
/** Three words may stand between: "reply with the word: END". */
const TO_WRITE = String.raw`${alone(ANSWER.map(anyCase))}(?:\p{P}?[^\S\n]+[\p{L}\p{N}]+){0,3}?\p{P}?[^\S\n]+\p{P}?(?:${MARKED})`;

/** A full stop within a word ends no sentence; a link does, for it is kept by itself. */
const OF_SENTENCE = String.raw`(?!${LINK})(?:[^\n.!?]|[.!?](?=\S))`;
/** The sentence with such a word; of one that does not end, the words nearest to it. */
const OPT_OUT = String.raw`(?<!\S)(?=\S)(?:${OF_SENTENCE}){0,160}?(?:${STOP_WORD}|${TO_WRITE})(?:${OF_SENTENCE}){0,160}[.!?]?(?<=\S)(?!\S)`;

const WHOLES = new RegExp(`(?<optOut>${OPT_OUT})|${LINK}`, 'gu');

/** Whether a text tells its reader what to write to get no more of them. */
export const saysHowToStop = (text: string): boolean =>
  [...text.matchAll(WHOLES)].some(({ groups }) => groups?.optOut !== undefined);

/** A range of a text, in UTF-16 units. */
interface Whole {
  start: number;
  end: number;
  isOptOut: boolean;
}

/**
 * Cuts a text that is too long for an SMS. Prose goes; links and the opt-out sentence stay, behind the ellipsis where
 * they stood behind the cut. No character is cut in two, whatever code points it is made of. A link that could never
 * fit is left out rather than broken; where nothing else is there, nothing remains, which no channel sends.
 *
 * @param limit in UTF-16 units
 */
export function cutSms(text: string, limit: number = MAX_SMS_CHARACTERS): string {
  if (text.length <= limit) return text;
  // GSM-7 has no "…": it would more than halve the room of each part.
  const plain = cutWith('...', text, limit);
  return smsParts(plain).encoding === 'GSM-7' ? plain : cutWith('…', text, limit);
}

function cutWith(ellipsis: string, text: string, limit: number): string {
  const room = limit - ellipsis.length;
  const edges = graphemeEdges(text);
  const wholes = wholesOf(text, edges);
  const kept = affordable(wholes, room);
  const tailBehind = (edge: number): string =>
    kept
      .filter(({ start }) => start >= edge)
      .map(({ start, end }) => ` ${text.slice(start, end)}`)
      .join('');
  const edge =
    edges.findLast(
      (each) => each <= room && isBetween(each, wholes) && each + tailBehind(each).length <= room,
    ) ?? 0;
  const [head, tail] = [text.slice(0, edge), tailBehind(edge)];
  return head + tail === '' ? '' : head + ellipsis + tail;
}

/** Not right behind a link either, which an ellipsis would become part of. */
const isBetween = (edge: number, wholes: readonly Whole[]): boolean =>
  wholes.every(({ start, end }) => edge <= start || edge > end);

/** What must not be broken, in the order of the text, from edge to edge of what a reader takes for a character. */
function wholesOf(text: string, edges: readonly number[]): Whole[] {
  const wholes: Whole[] = [];
  for (const match of text.matchAll(WHOLES)) {
    const begin = edges.findLast((edge) => edge <= match.index) ?? 0;
    wholes.push({
      start: Math.max(begin, wholes.at(-1)?.end ?? 0),
      end: edges.find((edge) => edge >= match.index + match[0].length) ?? text.length,
      isOptOut: match.groups?.optOut !== undefined,
    });
  }
  return wholes;
}

/** As many as there is room for, each behind a space; the last opt-out before any link, other ones behind them. */
function affordable(wholes: readonly Whole[], room: number): Whole[] {
  let left = room;
  const optOuts = wholes.filter(({ isOptOut }) => isOptOut);
  const byWeight = [
    ...optOuts.slice(-1),
    ...wholes.filter(({ isOptOut }) => !isOptOut),
    ...optOuts.slice(0, -1),
  ];
  const chosen = byWeight.filter(({ start, end }) => {
    const fits = 1 + end - start <= left;
    if (fits) left -= 1 + end - start;
    return fits;
  });
  return wholes.filter((whole) => chosen.includes(whole));
}
