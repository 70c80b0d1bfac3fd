import fc from 'fast-check';
import type { CustomerInput } from '#contracts/schemas/customer.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import type { LocalDate } from '#domain/instant.js';
import { addDays } from '#domain/local-time.js';
import type { TaskOutcome } from '#domain/task-outcomes.js';
import { answerKey, type Answers, type Scenario, type ScenarioInvoice } from '#engine/play/scenario.js';
import { customerOf, scenarioInvoiceOf, scenarioOf } from '#engine/play/scenario.factory.js';

/** Random portfolios of a few customers over a year, for property tests: when they pay, and what they say on the telephone. */

const FROM: LocalDate = '2026-01-01';
const some = fc.constantFrom;

const PLACES = [
  { zone: 'Europe/Madrid', country: 'ES' },
  { zone: 'America/New_York', country: 'US', region: 'MA' },
  { zone: 'America/Chicago', country: 'US' },
  { zone: 'Australia/Lord_Howe', country: 'AU' },
  { zone: 'Pacific/Kiritimati', country: 'KI' },
  { zone: 'Europe/Moscow', country: 'RU' },
  { zone: 'Asia/Kolkata', country: 'IN' },
];

const customer = fc.record({
  place: some(...PLACES),
  kind: some('person' as const, 'company' as const),
  preferredMedium: some(undefined, 'sms' as const, 'call' as const),
  reach: some('both', 'email', 'phone'),
  vip: fc.nat(5).map((n) => n === 0),
});

const customers: fc.Arbitrary<CustomerInput[]> = fc
  .array(customer, { minLength: 1, maxLength: 3 })
  .map((list) =>
    list.map(({ place, kind, preferredMedium, reach, vip }, i) =>
      customerOf({
        externalId: `C${i}`,
        ...place,
        kind,
        preferredMedium,
        vip,
        email: reach === 'phone' ? undefined : `c${i}@example.test`,
        phone: reach === 'email' ? undefined : `+44770090000${i}`,
      }),
    ),
  );

const invoice = fc.record({
  customer: fc.nat(9),
  issued: fc.nat(240),
  terms: some(0, 7, 14, 30, 60),
  paid: fc.option(fc.integer({ min: 1, max: 120 })),
  part: some(null, '40.00', '100.00'),
});

const invoices = fc.array(invoice, { minLength: 1, maxLength: 8 });

const said: fc.Arbitrary<TaskOutcome> = fc.oneof(
  some<TaskOutcome>(
    { outcome: 'no_answer' },
    { outcome: 'reached' },
    { outcome: 'voicemail' },
    { outcome: 'already_paid' },
    { outcome: 'wrong_number' },
  ),
  some<TaskOutcome>({ outcome: 'dispute', reason: 'broken goods' }),
);

/** One that every campaign of random steps may be asked about. */
const answers: fc.Arbitrary<Answers> = fc
  .array(fc.tuple(fc.nat(7), fc.nat(5), said), { maxLength: 8 })
  .map((list) => new Map(list.map(([i, step, outcome]) => [answerKey(`I${i}`, `s${step}`), outcome])));

export const portfolios = (documents: fc.Arbitrary<CampaignDocument>): fc.Arbitrary<Scenario> =>
  fc
    .record({ customers, invoices, answers, document: documents })
    .map(({ customers, invoices, answers, document }) =>
      scenarioOf({
        customers,
        document,
        answers,
        invoices: invoices.map((each, i): ScenarioInvoice => {
          const issuedOn = addDays(FROM, each.issued);
          const input = {
            externalId: `I${i}`,
            customerExternalId: `C${each.customer % customers.length}`,
            issuedOn,
            dueOn: addDays(issuedOn, each.terms),
          };
          const paidOn = each.paid === null ? null : addDays(issuedOn, each.paid);
          return scenarioInvoiceOf(input, paidOn, each.part ?? undefined);
        }),
      }),
    );
