import type { Instant } from './instant.js';
import { addDays, instantOf, localDateOf, millisecondOfDay, startOfDay } from './local-time.js';
import { fraction } from './variants.js';

/** How fast one sender may send by one provider. */
export interface Rate {
  perSecond: number;
  /** So many at once, after a pause; 1 unless given. */
  burst?: number;
}

/** A place in the line of one sender: whoever has it need not ask again when its moment has come. */
export interface Slot {
  /** Provider and sender. */
  by: string;
  at: Instant;
}

/**
 * How late one may come for its place, in milliseconds. It bounds what can come out at once after all workers were away; whoever
 * comes later joins the line again.
 */
export const SLOT_VALID_MS = 60_000;

export const holdsSlot = (slot: Slot | null | undefined, by: string, now: Instant): boolean =>
  slot?.by === by && slot.at <= now && now - slot.at < SLOT_VALID_MS;

const SPREAD_SECONDS = 30 * 60;

/** How many milliseconds later one of those comes out that wait for the same moment, so that they do not all at once. */
export const spreadOf = (seed: string): number => Math.floor(fraction(seed) * SPREAD_SECONDS) * 1_000;

export interface NextDayInput {
  now: Instant;
  /** Whose days are counted. */
  organisationZone: string;
  customerZone: string;
  /** When the message was due, whose time of day it keeps. */
  dueAt: Instant;
  /** What tells one message from another, so that they are spread. */
  seed: string;
}

/** When a message that today's ceiling keeps back may go out: on the organisation's next day, at its own local time. */
export function nextDayFor({ now, organisationZone, customerZone, dueAt, seed }: NextDayInput): Instant {
  const opens = startOfDay(addDays(localDateOf(now, organisationZone), 1), organisationZone);
  const own = instantOf(
    localDateOf(opens, customerZone),
    millisecondOfDay(dueAt, customerZone),
    customerZone,
  );
  return Math.max(opens, own) + spreadOf(seed);
}
