/**
 * What a person is asked to do: call; look after a ladder that ended; hand an invoice over; find an address that works;
 * answer what a customer wrote; see whether money came that somebody says they sent; say which invoices money is for;
 * say whether a message may go out; ask why a payment was charged back.
 */
export const TASK_KINDS = [
  'call',
  'follow_up',
  'hand_over',
  'bad_address',
  'reply',
  'check_payment',
  'allocate',
  'approval',
  'chargeback',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];
