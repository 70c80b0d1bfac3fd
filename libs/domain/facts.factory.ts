import type { CampaignDocument, CampaignInput } from './campaign/document.js';
import { validateCampaign } from './campaign/validate.js';
import type {
  CustomerFacts,
  EnrolmentFacts,
  HoldFacts,
  InvoiceFacts,
  PartFacts,
  PointFacts,
  PromiseFacts,
} from './facts.js';
import type { Instant } from './instant.js';
import { instantOf, startOfDay } from './local-time.js';
import type { PointKind } from './medium.js';

/** Test data for specs: each function gives a plain, valid thing, and takes what the test is about. */

export const BERLIN = 'Europe/Berlin';

/** `2026-03-29 09:00` on the wall clock of a zone. */
export function local(text: string, zone = BERLIN): Instant {
  const [date = '', time = '00:00'] = text.split(' ');
  return instantOf(date, time, zone);
}

/** Who can be reached by e-mail, telephone and, as they consented, Telegram, at points `email`, `phone` and `telegram`. */
export const customerFactsOf = (overrides: Partial<CustomerFacts> = {}): CustomerFacts => ({
  externalId: 'C1',
  kind: 'company',
  country: 'DE',
  region: null,
  zone: BERLIN,
  zoneSource: 'given',
  preferred: null,
  vip: false,
  people: [{ id: 'P1', roles: ['accounts_payable'], points: pointsOf('email', 'phone', 'telegram') }],
  exposures: {},
  ...overrides,
});

export const pointsOf = (...kinds: PointKind[]): PointFacts[] =>
  kinds.map((kind) => ({
    id: kind,
    kind,
    status: 'active',
    ...(kind === 'telegram' && { consents: { telegram: 'granted' } }),
  }));

/** A customer whose only contact person has these points. */
export const reachableBy = (points: PointFacts[], overrides: Partial<CustomerFacts> = {}): CustomerFacts =>
  customerFactsOf({ people: [{ id: 'P1', roles: ['accounts_payable'], points }], ...overrides });

/** 100.00 EUR, due on 31 March 2026 after thirty days. */
export const invoiceFactsOf = (overrides: Partial<InvoiceFacts> = {}): InvoiceFacts => ({
  externalId: 'I1',
  currency: 'EUR',
  issuedOn: '2026-03-01',
  dueOn: overrides.dueOn ?? '2026-03-31',
  status: 'open',
  parts: [partFactsOf({ dueOn: overrides.dueOn ?? '2026-03-31' })],
  ...overrides,
});

export const partFactsOf = (overrides: Partial<PartFacts> = {}): PartFacts => ({
  sequence: 1,
  dueOn: '2026-03-31',
  completedAt: null,
  amount: 10_000,
  paid: 0,
  pending: 0,
  ...overrides,
});

/** Enrolled at 00:00 of the issue date where the customer is, unless told otherwise. */
export function factsOf(
  overrides: Partial<Omit<EnrolmentFacts, 'customer' | 'invoice'>> & {
    customer?: Partial<CustomerFacts>;
    invoice?: Partial<InvoiceFacts>;
  } = {},
): EnrolmentFacts {
  const customer = customerFactsOf(overrides.customer);
  const invoice = invoiceFactsOf(overrides.invoice);
  return {
    runNo: 1,
    enrolledAt: startOfDay(invoice.issuedOn, customer.zone),
    entry: 'gentle',
    stopped: false,
    paused: false,
    unapplied: false,
    stale: false,
    party: 'first',
    switchedOff: [],
    rulesDigest: '',
    statementDays: 1,
    holds: [],
    resumptions: [],
    promises: [],
    plan: null,
    events: [],
    openTasks: [],
    approvals: [],
    requestedAnswers: [],
    lastSent: null,
    ...overrides,
    customer,
    invoice,
  };
}

export const holdOf = (overrides: Partial<HoldFacts> = {}): HoldFacts => ({
  id: 'H1',
  kind: 'dispute',
  until: null,
  ...overrides,
});

/** 100.00 promised for 15 April 2026, of which nothing has come. */
export const promiseFactsOf = (overrides: Partial<PromiseFacts> = {}): PromiseFacts => ({
  sequence: 1,
  madeAt: local('2026-04-01 12:00'),
  promisedOn: '2026-04-15',
  cancelled: false,
  amount: 10_000,
  paid: 0,
  ...overrides,
});

/** The same invoice, paid in full. */
export const paid = (invoice: InvoiceFacts): InvoiceFacts => ({
  ...invoice,
  status: 'settled',
  parts: invoice.parts.map((part) => ({ ...part, paid: part.amount })),
});

export type StepInput = CampaignInput['steps'][number];
type AtInput = NonNullable<StepInput['at']>;

/** A step that sends an e-mail so long from the due date, at 10:00. */
export const dueStep = (key: string, offset: string, overrides: Partial<StepInput> = {}): StepInput => ({
  key,
  at: { anchor: 'due_date', offset, time: '10:00' },
  send: ['email'],
  template: 'overdue',
  ...overrides,
});

/** A step at any moment that sends an e-mail. */
export const stepAt = (key: string, at: AtInput, overrides: Partial<StepInput> = {}): StepInput => ({
  key,
  at,
  send: ['email'],
  template: 'overdue',
  ...overrides,
});

/** A step on an event that sends an e-mail. */
export const stepOn = (
  key: string,
  on: NonNullable<StepInput['on']>,
  overrides: Partial<StepInput> = {},
): StepInput => ({ key, on, send: ['email'], template: 'overdue', ...overrides });

/** A valid document; a mistake in the test's own steps is thrown, with its path. */
export function campaignOf(steps: StepInput[], overrides: Partial<CampaignInput> = {}): CampaignDocument {
  const result = validateCampaign({
    kindly: 1,
    policy: 'none',
    name: 'Test',
    whenExhausted: 'nothing',
    steps,
    ...overrides,
  });
  if (!result.ok) throw new TypeError(JSON.stringify(result.problems));
  return result.document;
}
