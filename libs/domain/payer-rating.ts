/** How somebody pays, from what they did: `new` while there is too little to go by. */
export const RATINGS = ['new', 'good', 'average', 'chronic'] as const;
export type PayerRating = (typeof RATINGS)[number];

/**
 * What a rating goes by: the invoices of a customer that came due within the last two years, cancelled and written-off ones
 * and those they ever disputed left out, for a delay over a quarrel says nothing about how somebody pays.
 */
export interface PayingFigures {
  /** Invoices that came due. */
  due: number;
  /** Of these, paid in full by the third day after the due date. */
  onTime: number;
  /** Of these, paid more than 30 days late, or open for longer than that. */
  veryLate: number;
  /** Mean of the whole days from due date to settlement; 0 for one paid early, until today for one still open. */
  averageDaysLate: number;
  /** The longest of those. */
  longestDaysLate: number;
  /** Of these, still open. */
  overdue: number;
  /** Promises to pay whose day has passed in that time. */
  promises: number;
  /** Of these, not kept. */
  brokenPromises: number;
}

/** The figures at which one rating ends and the next begins. */
export const RATING_RULE = {
  /** How far back, in days. */
  days: 730,
  /** A day or two are the bank's. */
  graceDays: 3,
  veryLateDays: 30,
  /** Fewer invoices than that tell nothing. */
  leastInvoices: 3,
  good: { onTimePercent: 80, averageDaysLate: 7 },
  chronic: { veryLatePercent: 50, averageDaysLate: 30, brokenPromises: 3 },
} as const;

/** The rating that figures come to. */
export function ratingOf(figures: PayingFigures): PayerRating {
  const { due, onTime, veryLate, averageDaysLate, promises, brokenPromises } = figures;
  const { leastInvoices, good, chronic } = RATING_RULE;
  if (due < leastInvoices) return 'new';
  const breaksPromises = brokenPromises >= chronic.brokenPromises && brokenPromises * 2 >= promises;
  if (
    veryLate * 100 >= due * chronic.veryLatePercent ||
    averageDaysLate >= chronic.averageDaysLate ||
    breaksPromises
  )
    return 'chronic';
  return onTime * 100 >= due * good.onTimePercent &&
    averageDaysLate <= good.averageDaysLate &&
    brokenPromises === 0
    ? 'good'
    : 'average';
}

const invoices = (count: number): string => `${count} ${count === 1 ? 'invoice' : 'invoices'}`;

/** The figures as a sentence, for whoever wonders about a rating. */
export function explainRating(figures: PayingFigures): string {
  const { due, onTime, veryLate, averageDaysLate, overdue, promises, brokenPromises } = figures;
  if (due < RATING_RULE.leastInvoices) {
    const known = due === 0 ? 'No invoice' : `Only ${invoices(due)}`;
    return `${known} came due within two years; ${RATING_RULE.leastInvoices} are needed to tell.`;
  }
  const parts = [
    `${onTime} of ${invoices(due)} paid by the third day`,
    `${veryLate} more than ${RATING_RULE.veryLateDays} days late`,
    `${averageDaysLate} days late on average`,
    ...(overdue > 0 ? [`${overdue} overdue now`] : []),
    ...(promises > 0 ? [`${brokenPromises} of ${promises} promises broken`] : []),
  ];
  return `${parts.join(', ')}.`;
}
