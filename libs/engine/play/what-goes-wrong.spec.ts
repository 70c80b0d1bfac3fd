import {
  BERLIN,
  campaignOf,
  dueStep,
  factsOf,
  holdOf,
  local,
  paid,
  partFactsOf,
  stepAt,
} from '#domain/facts.factory.js';
import { localDateOf } from '#domain/local-time.js';
import { invoiceBalance } from '#domain/balance.js';
import { isPendingInFull, openBalance } from '#domain/facts.js';
import { keepingOf } from '#domain/policy/keeping.js';
import { noHolidays } from '#domain/policy/policy.factory.js';
import { Walk } from '#domain/planning/walk.factory.js';
import { assignVariant } from '#domain/variants.js';
import { toLedgerLine } from './decision-record.js';
import { customerOf, run, scenarioInvoiceOf, scenarioOf } from './scenario.factory.js';
import type { Scenario } from './scenario.js';

/**
 * What goes wrong in the programs people use today, a specification each. Those that need a database, a running workflow or
 * HTTP are elsewhere: two schedules for one invoice (test/e2e/enrolments.spec.ts), overlapping runs
 * (test/workflow/delivery.spec.ts), robots that open and follow links (test/e2e/public-links.spec.ts), pausing a campaign
 * (test/e2e/pauses.spec.ts), approved messages (test/db/campaigns-publish.spec.ts), the language of an answer
 * (test/workflow/answers.spec.ts). A late fee cannot be added every hour: Kindly adds none.
 */
const daily = campaignOf(
  ['P1D', 'P2D', 'P3D', 'P4D', 'P5D', 'P6D'].map((offset, index) => dueStep(`s${index + 1}`, offset)),
);

const sentOf = async (overrides: Partial<Scenario>): Promise<string[]> => {
  const { records } = await run(scenarioOf(overrides));
  return records.map(toLedgerLine).map(({ at, step, decision }) => `${at} ${step} ${decision}`);
};

/** On which days something went out, in order. */
const sentDays = ({ decisions }: Walk): string[] =>
  decisions.filter(({ how }) => how === 'sent').map(({ at }) => localDateOf(at, BERLIN));

describe('what goes wrong elsewhere', () => {
  it('a payment is noticed at once, not at the next step: the wait for it ends', () => {
    const walk = new Walk(factsOf(), campaignOf([dueStep('overdue', 'P1D')])).until('2026-03-15 12:00');
    expect(walk.waitsUntil).toBe(local('2026-04-01 10:00'));
    walk.change({ invoice: paid(walk.facts.invoice) });
    expect(walk).toMatchObject({ ended: 'settled', waitsUntil: null, log: [] });
  });

  it('Monday to Friday at 08:00 in Tokyo is not Saturday there, though it is Friday at home', async () => {
    const document = campaignOf([
      stepAt('friday', { anchor: 'due_date', offset: 'P4D', time: '08:00', roll: 'next' }),
    ]);
    const customers = [customerOf({ zone: 'Asia/Tokyo', country: 'JP' })];
    // 4 April 2026 is a Saturday: it moves to Monday, 08:00 in Tokyo.
    expect(await sentOf({ document, customers })).toEqual(['2026-04-05T23:00:00Z friday sent']);
  });

  it('09:00 in Berlin is 09:00 on both sides of the change of the clocks', async () => {
    const document = campaignOf([
      dueStep('winter', '-P3D', { at: { anchor: 'due_date', offset: '-P3D', time: '09:00' } }),
      dueStep('summer', 'P1D', { at: { anchor: 'due_date', offset: 'P1D', time: '09:00' } }),
    ]);
    expect(await sentOf({ document })).toEqual([
      '2026-03-28T08:00:00Z winter sent',
      '2026-04-01T07:00:00Z summer sent',
    ]);
  });

  it('a missed day is not lost for good, and a backlog does not burst out when things go on', () => {
    const walk = new Walk(factsOf(), daily).until('2026-03-31 12:00').down('2026-04-04 12:00').until();
    expect(sentDays(walk)).toEqual([...new Set(sentDays(walk))]);
    expect(sentDays(walk).length).toBeGreaterThanOrEqual(3);
    expect(walk.decisions).toHaveLength(6);
  });

  it('nor does one when a hold ends', () => {
    const held = new Walk(factsOf({ holds: [holdOf()] }), daily).until('2026-04-05 12:00');
    held.change({ holds: [] }).until();
    expect(sentDays(held)).toEqual([...new Set(sentDays(held))]);
  });

  it('there is no reminder the day after somebody called', () => {
    const facts = factsOf();
    const [step] = daily.steps;
    const at = local('2026-03-31 15:00');
    const action = {
      ...{ kind: 'send', step, stepKey: 's1', stepIndex: 0, occurrence: 0, medium: 'email' },
      ...{ personId: 'P1', pointId: 'email', dueAt: at, deadline: Infinity },
    } as Parameters<typeof keepingOf>[2];
    const call = { medium: 'call', personId: null, address: null, invoiceIds: ['I1'], at } as const;
    const outreach = {
      houseRules: [],
      wishes: [],
      conversations: [],
      payments: [],
      contacts: [call],
    };
    const kept = keepingOf(
      { policy: 'courteous' },
      facts,
      action,
      { ...outreach, address: null },
      noHolidays,
      local('2026-04-01 10:00'),
    );
    expect(kept).toMatchObject({ until: local('2026-04-01 15:00') });
  });

  it('a customer whose direct debit is under way is not reminded', () => {
    const part = partFactsOf({ pending: 10_000 });
    const facts = factsOf({ invoice: { parts: [part] } });
    expect(isPendingInFull(facts.invoice)).toBe(true);
    const walk = new Walk(facts, daily).until('2026-05-01 10:00');
    expect(walk.decisions.filter(({ how }) => how === 'sent')).toEqual([]);
  });

  it('the last instalment alone does not settle the whole', () => {
    const parts = [
      { sequence: 1, amount: 5_000, allocations: [] },
      { sequence: 2, amount: 5_000, allocations: [{ amount: 5_000, reversedAt: null }] },
    ];
    expect(invoiceBalance(parts)).toMatchObject({ ok: true, balance: { open: 5_000, settled: false } });
  });

  it('what is paid in part is judged by what is open, not by what was billed', () => {
    const invoice = { parts: [partFactsOf({ paid: 9_500 })] };
    expect(openBalance(factsOf({ invoice }).invoice)).toBe(500);
    const document = campaignOf([dueStep('s1', 'P1D', { onlyIf: { balanceAtLeast: '10.00' } })]);
    const walk = new Walk(factsOf({ invoice }), document).until();
    expect(walk.log.filter((line) => line.includes('email'))).toEqual([]);
  });

  it('currencies are not summed: two of them are two messages, though one day and one person', async () => {
    const { records } = await run(
      scenarioOf({
        document: campaignOf([dueStep('s1', 'P1D')], { policy: 'courteous' }),
        invoices: ['EUR', 'USD'].map((currency) => scenarioInvoiceOf({ externalId: currency, currency })),
      }),
    );
    expect(records.map(({ invoice, decision }) => `${invoice} ${decision}`)).toEqual([
      'EUR sent',
      'USD sent',
    ]);
  });

  it('a stage is never skipped straight to the harshest', () => {
    const document = campaignOf([dueStep('soft', 'P1D'), dueStep('firm', 'P7D'), dueStep('final', 'P14D')], {
      entry: 'gentle',
    });
    const enrolledAt = local('2026-06-01 09:00');
    const walk = new Walk(factsOf({ enrolledAt }), document).until();
    expect(walk.decisions.filter(({ how }) => how === 'sent').map(({ step }) => step)).toEqual([
      'soft',
      'firm',
      'final',
    ]);
  });

  it('a variant is no way round the rule that a step is sent once', () => {
    const step = dueStep('s1', 'P1D', {
      template: undefined,
      variants: [
        { key: 'a', template: 'overdue' },
        { key: 'b', template: 'overdue' },
      ],
    });
    const document = campaignOf([step]);
    const [only] = document.steps;
    if (!only) throw new Error('it has one step');
    const first = assignVariant(only, 'c', 'C1', {});
    expect(assignVariant(only, 'c', 'C1', {}).variantKey).toBe(first.variantKey);
    const walk = new Walk(factsOf(), document).until();
    walk.change({}).until();
    expect(walk.decisions.map(({ how }) => how)).toEqual(['sent']);
  });
});
