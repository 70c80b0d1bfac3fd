import type { Instant, LocalDate } from '#domain/instant.js';
import type { MessageMedium } from '#domain/medium.js';
import { type Headers, isFromMachine, readsAutomatic, saysAutomatic } from './automatic.js';
import { fold, wordsOf } from './fold.js';
import { isStop, isStopSubject, keywordOf } from './keywords.js';
import { ownWords } from './own-words.js';
import { returnDate } from './return-date.js';
import { demandsStop } from './stop-phrases.js';

export interface ReplyMessage {
  medium: MessageMedium;
  /** Whole, with whatever it quotes. */
  text: string;
  subject: string | null;
  /** RFC 5322 headers with names in lower case; empty for other media. */
  headers: Headers;
  sentAt: Instant;
  /** BCP 47, of the customer: how they write dates. */
  locale: string;
}

/** What an answer to one of our messages is. `text` is the person's own words, without quotations and signature. */
export type Reply =
  /** They want no more of these messages by this medium; `saysMore` where somebody should read what else they wrote. */
  | { kind: 'stop'; text: string; saysMore: boolean }
  /** They want them again. */
  | { kind: 'start'; text: string }
  /** No person wrote it. `returnsOn` is the day on which an absence says that it ends; never one before it was sent. */
  | { kind: 'automatic'; returnsOn: LocalDate | null }
  | { kind: 'person'; text: string };

/** In a longer letter a single "Stop." may be rhetoric. */
const LONG = 60;

/** Reads an answer. Never fails, and takes time in proportion to its length, whatever it is given. */
export function readReply({ medium, text, subject, headers, sentAt, locale }: ReplyMessage): Reply {
  const own = ownWords(text);
  const words = wordsOf(fold(own));
  const absence = (): Reply => ({
    kind: 'automatic',
    returnsOn: returnDate({ text: `${subject ?? ''}\n${own}`, sentAt, locale }),
  });
  if (isFromMachine(headers)) return absence();
  // Mail programs unsubscribe with a letter of their own, and some say in it that they wrote it.
  if (subject !== null && isStopSubject(subject)) return { kind: 'stop', text: own, saysMore: false };
  const keyword = keywordOf(withoutCommand(words, own), medium);
  if (keyword === 'stop') return { kind: 'stop', text: own, saysMore: false };
  if (saysAutomatic(headers) || readsAutomatic(subject, own)) return absence();
  if (keyword === 'start') return { kind: 'start', text: own };
  return refuses(own, words.length, medium)
    ? { kind: 'stop', text: own, saysMore: sentencesOf(own).length > 1 }
    : { kind: 'person', text: own };
}

/** `/stop@some_bot` is said to a bot among others. */
const withoutCommand = (words: string[], own: string): string[] =>
  /^\/\w+@\w+$/.test(own) ? words.slice(0, 1) : words;

const sentencesOf = (text: string): string[] =>
  text.split(/[.!?;…\n]+/).filter((sentence) => wordsOf(sentence).length > 0);

const refuses = (own: string, length: number, medium: MessageMedium): boolean =>
  sentencesOf(own).some((sentence) => {
    const words = wordsOf(fold(sentence));
    return (length <= LONG && isStop(words)) || demandsStop(words, medium);
  });
