import { AMPLE, SHORT } from '#channels/channel.contract.js';
import type { Outcome } from '#channels/channel.js';
import type { Fault } from '#test/support/providers/index.js';

type FaultKind = Fault['kind'];

/** One message that meets one fault, and what is true of it afterwards. */
export interface Meeting<F extends Fault = Fault> {
  fault: F;
  /** `AMPLE` unless given; `SHORT` where no answer comes. */
  timeoutMs?: number;
  /** Accepted under the name that the provider gave it, or exactly this. */
  outcome: 'accepted' | Exclude<Outcome, { kind: 'accepted' }>;
  /** How many of it the truth log holds. */
  taken: 0 | 1;
  /** How often it arrived whole: none where the provider refuses before it is written. */
  arrived: 0 | 1;
}

/** A kind of fault that nobody has thought through does not compile. */
export type FaultTable = { readonly [K in FaultKind]: readonly Meeting<Fault & { kind: K }>[] };

/** What a second call would be to somebody who knows the outcome alone; an outcome that is not here does not compile. */
export const SECOND_CALL: Readonly<Record<Outcome['kind'], 'safe' | 'pointless' | 'wrong'>> = {
  accepted: 'wrong',
  rejected: 'pointless',
  not_reached: 'safe',
  throttled: 'safe',
  unknown: 'wrong',
};

export const kindOf = ({ outcome }: Meeting): Outcome['kind'] =>
  outcome === 'accepted' ? outcome : outcome.kind;

export const meetingsOf = (table: FaultTable): Meeting[] => Object.values(table).flat();

/** Titled by their fault, as `it.each` takes them. */
export const titled = (meetings: readonly Meeting[]): [string, Meeting][] =>
  meetings.map((meeting) => [JSON.stringify(meeting.fault), meeting]);

export const TAKEN = { taken: 1, arrived: 1 } as const;
export const NOT_TAKEN = { taken: 0, arrived: 1 } as const;

export const unknownBy = (code: string): Outcome & { kind: 'unknown' } => ({ kind: 'unknown', code });

type Common = Exclude<
  FaultKind,
  'accept_then_5xx' | 'accept_then_half_answer' | 'throttle' | 'reject' | 'answer'
>;

/** Faults that mean the same in every protocol. */
export const COMMON: Pick<FaultTable, Common> = {
  accept: [{ fault: { kind: 'accept' }, outcome: 'accepted', ...TAKEN }],
  accept_slowly: [
    { fault: { kind: 'accept_slowly', delayMs: 20 }, outcome: 'accepted', ...TAKEN },
    {
      fault: { kind: 'accept_slowly', delayMs: 2 * AMPLE },
      timeoutMs: SHORT,
      outcome: unknownBy('timeout'),
      ...TAKEN,
    },
  ],
  accept_then_timeout: [
    { fault: { kind: 'accept_then_timeout' }, timeoutMs: SHORT, outcome: unknownBy('timeout'), ...TAKEN },
  ],
  accept_then_reset: [{ fault: { kind: 'accept_then_reset' }, outcome: unknownBy('ECONNRESET'), ...TAKEN }],
  reset: [{ fault: { kind: 'reset' }, outcome: unknownBy('ECONNRESET'), ...NOT_TAKEN }],
  silence: [{ fault: { kind: 'silence' }, timeoutMs: SHORT, outcome: unknownBy('timeout'), ...NOT_TAKEN }],
};
