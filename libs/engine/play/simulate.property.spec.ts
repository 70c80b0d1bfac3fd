import fc from 'fast-check';
import type { Scenario, ScenarioInvoice } from './scenario.js';
import { ladders } from '#test/support/random-ladders.js';
import { addDays, instantOf, startOfDay } from '#domain/local-time.js';
import { fraction } from '#domain/variants.js';
import { customerOf, ladderOf, printed, run, scenarioInvoiceOf, scenarioOf } from './scenario.factory.js';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Tokyo', 'UTC'];
const BASE = '2026-01-15';

const customers = ZONES.map((zone, i) =>
  customerOf({
    externalId: `C${i}`,
    zone,
    phone: i % 2 === 0 ? '+447700900000' : undefined,
    email: i === 3 ? undefined : 'accounts@example.test',
    preferredMedium: i === 4 ? 'call' : 'sms',
  }),
);

const invoice = fc
  .record({
    customer: fc.nat(customers.length - 1),
    issued: fc.nat(90),
    terms: fc.constantFrom(0, 7, 14, 30, 60),
    paid: fc.option(fc.integer({ min: 1, max: 120 })),
  })
  .map((each) => (id: number): ScenarioInvoice => {
    const issuedOn = addDays(BASE, each.issued);
    const input = {
      externalId: `I${id}`,
      customerExternalId: `C${each.customer}`,
      issuedOn,
      dueOn: addDays(issuedOn, each.terms),
    };
    return scenarioInvoiceOf(input, each.paid === null ? null : addDays(issuedOn, each.paid));
  });

const portfolios = fc
  .array(invoice, { minLength: 1, maxLength: 25 })
  .map((list) => list.map((make, i) => make(i)));
const scenarios = (documents: fc.Arbitrary<Scenario['document']>): fc.Arbitrary<Scenario> =>
  fc
    .tuple(portfolios, documents)
    .map(([invoices, document]) => scenarioOf({ customers, invoices, document }));

const check = (
  arbitrary: fc.Arbitrary<Scenario>,
  property: (scenario: Scenario) => Promise<void>,
): Promise<void> => fc.assert(fc.asyncProperty(arbitrary, property), { seed: 2026, numRuns: 60 });

/** In an order that has nothing to do with theirs. */
const mixed = (invoices: readonly ScenarioInvoice[]): ScenarioInvoice[] =>
  [...invoices].sort((a, b) => fraction(a.input.externalId) - fraction(b.input.externalId));

const zoneOf = ({ input }: ScenarioInvoice): string =>
  customers.find(({ externalId }) => externalId === input.customerExternalId)?.zone ?? 'UTC';

describe('any portfolio under any ladder', () => {
  it('adds up, finds nothing to complain of, and sends nothing about what is paid', () =>
    check(scenarios(ladders(5)), async (scenario) => {
      const { report, records } = await run(scenario);
      for (const step of Object.values(report.steps)) {
        const suppressed = Object.values(step.suppressed).reduce((sum, n) => sum + n, 0);
        expect(step.due).toBe(step.sent + step.tasks + step.merged + suppressed + step.open);
        expect(Object.values(step.byChannel).reduce((sum, n) => sum + n, 0)).toBe(step.sent + step.tasks);
      }
      expect(report.violations).toEqual([]);
      expect(report.paid).toBe(scenario.invoices.filter(({ settlement }) => settlement).length);
      const paidAt = new Map(
        scenario.invoices.flatMap((each) =>
          each.settlement
            ? [[each.input.externalId, startOfDay(each.settlement.paidOn, zoneOf(each))] as const]
            : [],
        ),
      );
      for (const { at, invoice: id, decision } of records) {
        const end = paidAt.get(id) ?? Infinity;
        expect(at).toBeLessThanOrEqual(decision === 'suppressed' ? end : end - 1);
      }
    }));

  it('gives the same report and ledger whatever the order of the rows', () =>
    check(scenarios(ladders(4)), async (scenario) => {
      const turned = { ...scenario, invoices: mixed(scenario.invoices), customers: [...customers].reverse() };
      expect(printed(await run(turned))).toBe(printed(await run(scenario)));
    }));

  it('gives the same bytes twice', () =>
    check(scenarios(ladders(4)), async (scenario) => {
      expect(printed(await run(scenario))).toBe(printed(await run(scenario)));
    }));
});

describe('`due` of a ladder around the due date', () => {
  const days = fc.uniqueArray(fc.integer({ min: -70, max: 80 }), { minLength: 1, maxLength: 5 });
  const times = fc.constantFrom('10:00', '00:30', '23:59', '02:15');

  it('is the number of invoices still open at that local instant, for any portfolio', () =>
    fc.assert(
      fc.asyncProperty(portfolios, days, times, async (invoices, offsets, time) => {
        const { report } = await run(scenarioOf({ customers, invoices, document: ladderOf(offsets, time) }));
        const counted = offsets.map((each) => invoices.filter((one) => isOpen(one, each, time)).length);
        expect(Object.values(report.steps).map(({ due }) => due)).toEqual(counted);
      }),
      { seed: 31, numRuns: 80 },
    ));

  function isOpen(one: ScenarioInvoice, offset: number, time: string): boolean {
    if (!one.settlement) return true;
    const zone = zoneOf(one);
    return instantOf(addDays(one.input.dueOn, offset), time, zone) < startOfDay(one.settlement.paidOn, zone);
  }
});
