import type { Instant } from '#domain/instant.js';
import type { Accept, Violation } from './evidence.js';

/** An emergency stop: from the answer to it until its release was asked for. */
export interface Standstill {
  from: Instant;
  to: Instant;
}

/** How long after the answer the last call may begin. */
const WITHIN_MS = 1_000;

/** A second after an emergency stop was answered nothing goes out any more, until its release. */
export const nothingWhileStopped = (
  accepts: readonly Accept[],
  standstills: readonly Standstill[],
): Violation[] =>
  standstills.flatMap(({ from, to }) =>
    accepts
      .filter(({ receivedAt }) => receivedAt > from + WITHIN_MS && receivedAt < to)
      .map(({ id, contactId, receivedAt, provider }) => ({
        rule: 'sent_while_stopped',
        subject: contactId ?? id,
        detail: `${provider} was called ${receivedAt - from} ms after the stop`,
      })),
  );
