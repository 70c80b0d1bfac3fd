import type { EnrolmentFacts, HoldFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { localDateOf, startOfDay } from '#domain/local-time.js';
import { decidedAt, isTrying } from './cursor.js';
import { carriedDays, deadlineOf, lateSlot, shifted } from './lateness.js';
import { type LadderInput, type Occurrence, occurrencesOf } from './occurrences.js';

/** An undecided occurrence and when it can go out. */
export interface Scheduled extends Occurrence {
  /** The moment it came due, or will: `nominal` after spacing. */
  dueAt: Instant;
  /** When it can go out: `Infinity` while a hold without an end stands. */
  at: Instant;
  /** From then on it is too late. */
  deadline: Instant;
}

export interface Schedule {
  /** Occurrences whose sense has passed. */
  tooLate: Scheduled[];
  /** The others, the next first. */
  open: Scheduled[];
}

/**
 * When each undecided occurrence can go out, seen from `now`. Overdue steps keep their spacing: when one went out
 * late by more than a day, those after it move by as many days; a backlog therefore never bursts out.
 */
export function schedule(input: LadderInput, now: Instant): Schedule {
  const result: Schedule = { tooLate: [], open: [] };
  const occurrences = occurrencesOf(input);
  const missed = missedAtEntry(occurrences, input.facts);
  let carry = 0;
  for (const occurrence of occurrences) {
    const decided = decidedAt(input.cursor, occurrence.step.key, occurrence.occurrence);
    if (decided) {
      if (occurrence.side === 'after' && decided.how === 'done') {
        carry = carriedDays(occurrence, decided.at, input.facts.customer.zone);
      }
      continue;
    }
    const next = place(input, occurrence, occurrence.side === 'after' ? carry : 0, now);
    if (missed.has(occurrence) || next.at >= next.deadline) {
      result.tooLate.push(next);
      continue;
    }
    if (occurrence.side === 'after' && next.at < Infinity) {
      carry = carriedDays(occurrence, next.at, input.facts.customer.zone);
    }
    result.open.push(next);
  }
  result.open.sort((a, b) => a.at - b.at || a.stepIndex - b.stepIndex || a.occurrence - b.occurrence);
  return result;
}

function place({ facts, cursor }: LadderInput, occurrence: Occurrence, carry: number, now: Instant): Scheduled {
  const { zone } = facts.customer;
  const trying = isTrying(cursor, occurrence.step.key, occurrence.occurrence) ? cursor.trying : null;
  const dueAt = trying?.dueAt ?? shifted(occurrence.nominal, carry, zone);
  const free = trying ? (trying.notBefore ?? now) : lateSlot(occurrence, dueAt, now, zone);
  const at = Math.max(free, heldUntil(facts.holds, occurrence));
  return { ...occurrence, dueAt, at, deadline: deadlineOf(occurrence, dueAt, facts) };
}

/** When the last hold that binds this step ends; 0 without one, `Infinity` for one without an end. */
export function heldUntil(holds: readonly HoldFacts[], occurrence: Pick<Occurrence, 'step'>): Instant {
  return holds
    .filter((hold) => !isExempt(hold, occurrence))
    .reduce((until, hold) => Math.max(until, hold.until ?? Infinity), 0);
}

/** A promise to pay silences the ladder, but not the steps that are about that promise. */
const isExempt = (hold: HoldFacts, { step }: Pick<Occurrence, 'step'>): boolean =>
  hold.kind === 'promise' && (step.at?.anchor === 'promise_date' || step.on === 'promise_broken');

/**
 * Steps of days before the one the invoice was enrolled on, and that its entry rule does not take up. A step of that
 * same day is merely late.
 */
function missedAtEntry(occurrences: readonly Occurrence[], facts: EnrolmentFacts): Set<Occurrence> {
  const { zone } = facts.customer;
  const enrolledOn = startOfDay(localDateOf(facts.enrolledAt, zone), zone);
  const passed = occurrences.filter(({ side, nominal }) => side !== null && nominal < enrolledOn);
  const overdue = passed.filter(({ side }) => side === 'after');
  const taken = facts.entry === 'gentle' ? overdue : facts.entry === 'by_age' ? overdue.slice(-1) : [];
  return new Set(passed.filter((occurrence) => !taken.includes(occurrence)));
}
