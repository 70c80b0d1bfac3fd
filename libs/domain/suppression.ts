/**
 * Why an address is suppressed, by who can take it back. `word`: its owner said so, and says otherwise by a start; what
 * Twilio answers to a number that stopped (21610) is the same word. `closed`: a chat that its owner blocked or never opened,
 * and opens by writing. `fault`: a bounce, a complaint, or somebody of the organisation; a person takes it back.
 */
export type SuppressionCause = 'word' | 'closed' | 'fault';

/** What is harder to take back comes later. */
const CAUSES: readonly SuppressionCause[] = ['closed', 'word', 'fault'];

/** Whether a reason takes the place of a standing one, so that lifting the weaker does not open the address. */
export const outweighs = (reason: string, standing: string): boolean =>
  CAUSES.indexOf(causeOf(reason)) > CAUSES.indexOf(causeOf(standing));

const WORD = /^(?:stop$|unsubscribed\b|(?:rejected|failed|bounced):21610$)/;
const CLOSED = /^(?:blocked$|rejected:(?:bot_blocked|never_started)$)/;

export function causeOf(reason: string): SuppressionCause {
  if (WORD.test(reason)) return 'word';
  return CLOSED.test(reason) ? 'closed' : 'fault';
}
