import type { CampaignDocument } from '#domain/campaign/document.js';
import { formatInstant, type Instant } from '#domain/instant.js';
import type { DecisionRecord } from './decision-record.js';

export interface StepReport {
  due: number;
  /** Messages that their provider accepted. */
  sent: number;
  tasks: number;
  merged: number;
  suppressed: Record<string, number>;
  deferred: number;
  /** Of those, how many each rule put off; one may be put off by several. */
  deferredBy: Record<string, number>;
  /** Not decided by the end, or nobody knows whether the message went out. */
  open: number;
  byChannel: Record<string, number>;
}

export interface Violation {
  rule: string;
  contact: string;
  detail: string;
}

/** The report of `play` and `simulate`. `from` and `to` are ISO dates in UTC; `paid` counts settled invoices. */
export interface PlayReport {
  invoices: number;
  customers: number;
  from: string;
  to: string;
  steps: Record<string, StepReport>;
  contacts: number;
  paid: number;
  violations: Violation[];
}

export interface Played {
  document: CampaignDocument;
  invoices: number;
  customers: number;
  from: Instant;
  to: Instant;
  records: readonly DecisionRecord[];
  /** Steps that came due and were not decided by the end, by key. */
  open: Readonly<Record<string, number>>;
  contacts: number;
  paid: number;
  violations: Violation[];
}

/** A step whose message did not go out yet is not decided, and so among those that are open already. */
const isTried = ({ contact }: DecisionRecord): boolean =>
  contact !== null && contact !== 'accepted' && contact !== 'unknown';

const emptyStep = (open: number): StepReport => ({
  due: open,
  sent: 0,
  tasks: 0,
  merged: 0,
  suppressed: {},
  deferred: 0,
  deferredBy: {},
  open,
  byChannel: {},
});

export function buildReport(played: Played): PlayReport {
  const steps = Object.fromEntries(
    played.document.steps.map(({ key }) => [key, emptyStep(played.open[key] ?? 0)] as const),
  );
  for (const record of played.records) {
    const step = steps[record.step];
    if (step) count(step, record);
  }
  const { invoices, customers, contacts, paid, violations } = played;
  const day = (instant: Instant): string => formatInstant(instant).slice(0, 10);
  return {
    invoices,
    customers,
    from: day(played.from),
    to: day(played.to),
    steps,
    contacts,
    paid,
    violations,
  };
}

function count(step: StepReport, record: DecisionRecord): void {
  if (record.deferredBy.length > 0) step.deferred += 1;
  for (const rule of record.deferredBy) add(step.deferredBy, rule);
  if (record.decision === 'deferred' || isTried(record)) return;
  step.due += 1;
  if (record.contact === 'unknown') {
    step.open += 1;
    return;
  }
  if (record.decision === 'sent') step.sent += 1;
  if (record.decision === 'task') step.tasks += 1;
  if (record.decision === 'merged') step.merged += 1;
  if (record.decision === 'suppressed') {
    const reason = record.reasons[0] ?? 'unknown';
    add(step.suppressed, reason);
  }
  if (record.channel) add(step.byChannel, record.channel);
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
