import type { Instant } from './instant.js';
import { lastsAtMost, parseDuration } from './duration.js';
import { addToInstant } from './local-time.js';

/**
 * How a message that came in was read. `opt_in`: a chat was opened by a signed link. `ignored`: our own, or a link that
 * nobody signed; nothing is made of it.
 */
export const INBOUND_READINGS = [
  'person',
  'automatic',
  'stop',
  'start',
  'opt_in',
  'blocked',
  'unblocked',
  'ignored',
] as const;
export type InboundReading = (typeof INBOUND_READINGS)[number];

/** What of an organisation and an address an inbound message depends on. */
export interface InboundState {
  /** The organisation's clock. */
  now: Instant;
  /** When it was written. */
  at: Instant;
  /** Whether it is known whose it is. */
  isMatched: boolean;
  /** Whether a stop says more than that it is one. */
  saysMore: boolean;
  /** The last word of the address on whether it wants messages, of those applied before, whenever they were written. */
  lastWord: { wants: boolean; at: Instant } | null;
  /** When Kindly confirmed something to the address by itself, in the last week at least. */
  confirmedAt: readonly Instant[];
  /** How long a person's reply pauses the outreach: an ISO 8601 duration. */
  pause: string;
  /** The customer's, as an IANA name; the organisation's while nobody knows the customer. */
  zone: string;
}

export type Confirmation = 'stop-confirmation' | 'start-confirmation' | 'telegram-greeting';

export type InboundEffect =
  /** Nothing by this medium to the address any more. */
  | { kind: 'suppress' }
  /** What a stop placed is lifted; what a bounce or a complaint placed never. */
  | { kind: 'lift' }
  | { kind: 'confirm'; template: Confirmation; notAfter: Instant | null }
  | { kind: 'pause'; until: Instant }
  /** Somebody is to answer. */
  | { kind: 'task' }
  /** The chat is closed: another address is asked for. */
  | { kind: 'ask_for_address' };

/** How long a reply pauses the outreach where the organisation says nothing. */
export const DEFAULT_REPLY_PAUSE = 'P3D';

const DAY_MS = 86_400_000;
const LONGEST_PAUSE_DAYS = 30;

/** Whether a text is a duration that a reply can pause an outreach for. */
export const isPause = (text: string): boolean => lastsAtMost(text, LONGEST_PAUSE_DAYS);

const CONFIRMATIONS_A_WEEK = 3;

/** A confirmation of a stop within five minutes is presumed to be wanted (47 CFR 64.1200(a)(12)); a later one is not sent. */
export const STOP_CONFIRMATION_MS = 5 * 60_000;

/**
 * What follows from a message that came in. Pure. Whatever order the messages of an address are applied in, what holds in
 * the end is what it said last; of a stop and a start of one instant the stop.
 *
 * No automatic message is ever answered, and to an address goes at most one confirmation a day and three a week: two
 * robots cannot talk.
 */
export function effectsOfInbound(reading: InboundReading, state: InboundState): InboundEffect[] {
  switch (reading) {
    case 'stop':
      return [...stopped(state), ...read(state)];
    case 'start':
      return isOutdated(state, true) ? [] : [{ kind: 'lift' }, ...confirmed(state, 'start-confirmation')];
    case 'opt_in':
      return isOutdated(state, true) ? [] : [{ kind: 'lift' }, ...greeted(state)];
    case 'blocked':
      return isOutdated(state, false) ? [] : [{ kind: 'suppress' }, { kind: 'ask_for_address' }];
    case 'unblocked':
      return isOutdated(state, true) ? [] : [{ kind: 'lift' }];
    case 'person':
      return state.isMatched ? [...paused(state), { kind: 'task' }] : [];
    case 'automatic':
    case 'ignored':
      return [];
  }
}

/** Whether the address said otherwise since. */
const isOutdated = ({ lastWord, at }: InboundState, wants: boolean): boolean =>
  lastWord !== null && lastWord.wants !== wants && (wants ? lastWord.at >= at : lastWord.at > at);

const stopped = (state: InboundState): InboundEffect[] =>
  isOutdated(state, false) ? [] : [{ kind: 'suppress' }, ...confirmed(state, 'stop-confirmation')];

/** Whoever says why they want no more is heard by a person. */
const read = ({ isMatched, saysMore }: InboundState): InboundEffect[] =>
  isMatched && saysMore ? [{ kind: 'task' }] : [];

/** What changes something is confirmed; what is said again is not. */
function confirmed(state: InboundState, template: Confirmation): InboundEffect[] {
  const wants = template === 'start-confirmation';
  const before = state.lastWord?.wants ?? true;
  if (before === wants || !mayConfirm(state)) return [];
  const notAfter = wants ? null : state.now + STOP_CONFIRMATION_MS;
  return [{ kind: 'confirm', template, notAfter }];
}

/** Once, and again when it comes back after a stop. */
const greeted = (state: InboundState): InboundEffect[] =>
  state.lastWord?.wants !== true && mayConfirm(state)
    ? [{ kind: 'confirm', template: 'telegram-greeting', notAfter: null }]
    : [];

function mayConfirm({ isMatched, confirmedAt, now }: InboundState): boolean {
  const within = (days: number): number => confirmedAt.filter((at) => at > now - days * DAY_MS).length;
  return isMatched && within(1) === 0 && within(7) < CONFIRMATIONS_A_WEEK;
}

/** From when it was written; a pause that is over already is none. */
function paused({ at, now, pause, zone }: InboundState): InboundEffect[] {
  const until = addToInstant(Math.min(at, now), parseDuration(pause), zone);
  return until > now ? [{ kind: 'pause', until }] : [];
}
