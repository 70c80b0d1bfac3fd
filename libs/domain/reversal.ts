/**
 * Why a payment was taken back. `chargeback`: whoever paid had it taken back; `bounced`: their bank did not honour it; `mistake`: it was
 * wrong in the books; `other`: nobody said.
 */
export const REVERSAL_KINDS = ['chargeback', 'bounced', 'mistake', 'other'] as const;
export type ReversalKind = (typeof REVERSAL_KINDS)[number];

/** Of these whoever paid has to hear: to them it is paid. */
export const TOLD_REVERSALS: readonly ReversalKind[] = ['chargeback', 'bounced'];

/** Days in which nothing is sent after a charge-back, so that somebody can ask why. */
export const CHARGEBACK_DAYS = 7;
