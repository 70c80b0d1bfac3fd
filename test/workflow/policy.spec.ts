import { jest } from '@jest/globals';
import { sample } from 'fast-check';
import { campaignOf, dueStep, local } from '#domain/facts.factory.js';
import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar } from '#domain/working-days.js';
import { executeStep } from '#engine/execute-step.js';
import { recordConsent, upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import { Play } from '#engine/play/play.js';
import { answerKey, type Scenario } from '#engine/play/scenario.js';
import { customerOf, printed, scenarioInvoiceOf, scenarioOf } from '#engine/play/scenario.factory.js';
import { simulate, type Simulation } from '#engine/play/simulate.js';
import { densePortfolio } from '#test/support/dense-portfolio.js';
import { ladders } from '#test/support/random-ladders.js';
import { portfolios } from '#test/support/random-portfolios.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';

jest.setTimeout(120_000);

const CREDITOR = {
  externalId: 'main',
  name: 'Northwind',
  phone: '+442079460000',
  email: 'ar@northwind.example',
};

describe('a ladder under a contact policy', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await TestEngine.start();
  });
  afterAll(() => engine?.close());

  /** Nights, Sundays and Good Friday, calls and conversations, parts of the money, a telephone that two customers share. */
  const busy = (): Scenario => {
    const at = (offset: string, time: string) => ({ anchor: 'due_date' as const, offset, time });
    const places = [
      { zone: 'Europe/Berlin', country: 'DE' },
      { zone: 'America/New_York', country: 'US', region: 'MA', kind: 'person' as const },
      { zone: 'Europe/Berlin', country: 'DE' },
    ];
    const paid: Record<string, [string, string]> = {
      I2: ['2026-04-03', '40.00'],
      I4: ['2026-04-10', '100.00'],
    };
    return scenarioOf({
      document: campaignOf(
        [
          dueStep('early', '-P3D', { at: at('-P3D', '07:30') }),
          dueStep('overdue', 'P1D', { at: at('P1D', '21:00'), send: ['sms', 'email'] }),
          { key: 'call', at: at('P4D', '11:00'), task: 'call' },
          dueStep('brief', 'P5D', { at: at('P5D', '10:00'), validFor: 'P1D' }),
          dueStep('final', 'P14D'),
        ],
        { policy: 'courteous' },
      ),
      customers: places.map((place, i) =>
        customerOf({
          externalId: `C${i}`,
          ...place,
          email: `c${i}@example.test`,
          phone: i === 1 ? '+12025550123' : '+447700900000',
        }),
      ),
      invoices: [0, 1, 2, 3, 4, 5].map((i) => {
        const [paidOn = null, amount] = paid[`I${i}`] ?? [];
        const dueOn = ['2026-03-31', '2026-04-01'][i % 2] as string;
        return scenarioInvoiceOf(
          { externalId: `I${i}`, customerExternalId: `C${i % 3}`, dueOn },
          paidOn,
          amount,
        );
      }),
      answers: new Map([
        [answerKey('I0', 'call'), { outcome: 'reached' }],
        [answerKey('I1', 'call'), { outcome: 'voicemail' }],
        [answerKey('I5', 'call'), { outcome: 'promise', amount: '100.00', promisedOn: '2026-04-20' }],
      ]),
    });
  };

  const playAsSimulated = async (scenario: Scenario): Promise<Simulation> => {
    const calendar = holidayCalendar(await loadPublicHolidays());
    const simulated = await simulate(scenario, calendar);
    expect(simulated.report.violations).toEqual([]);
    const { own, database } = engine;
    engine.deps.calendar = calendar;
    const play = await Play.prepare({ ...own, appUrl: database.appUrl, calendar }, scenario, {
      creditor: CREDITOR,
    });
    const real = await play.run().finally(() => play.close());
    expect(printed(real)).toBe(printed(simulated));
    expect(real.records).toEqual(simulated.records);
    return simulated;
  };

  it('counts copies of e-mails, and sends none to whom it may not write', async () => {
    const people = [
      { externalId: 'ap', name: 'Ann', roles: ['accounts_payable'], emails: ['ann@example.test'] },
      { externalId: 'boss', name: 'Bob', roles: ['owner'], emails: ['bob@example.test'] },
    ];
    const at = (offset: string, time: string) => ({ anchor: 'due_date' as const, offset, time });
    const to = (roles: string[], cc?: string[]) => ({ recipients: { roles, ...(cc && { cc }) } });
    const scenario = scenarioOf({
      document: campaignOf(
        [
          dueStep('copied', 'P1D', { at: at('P1D', '12:00'), ...to(['accounts_payable'], ['owner']) }),
          // Less than a day after the copy.
          dueStep('boss', 'P2D', { at: at('P2D', '10:00'), ...to(['owner']) }),
          // The boss has just been written to.
          dueStep('again', 'P3D', { at: at('P3D', '10:00'), ...to(['accounts_payable'], ['owner']) }),
        ],
        { policy: 'courteous' },
      ),
      customers: [customerOf({ externalId: 'C0', people, email: undefined, phone: undefined })],
      invoices: [
        scenarioInvoiceOf({ externalId: 'I0', customerExternalId: 'C0', dueOn: '2026-04-06' }, null),
      ],
    });
    const { records } = await playAsSimulated(scenario);
    expect(records.find(({ step }) => step === 'boss')).toMatchObject({
      decision: 'sent',
      deferredBy: ['courteous/a_day_between'],
    });
    expect(records.find(({ step }) => step === 'again')?.decision).toBe('sent');
  });

  it('is walked by the engine as by the simulation, to the last line, and nothing is wrong with it', async () => {
    const { records } = await playAsSimulated(busy());
    expect(records.some(({ decision }) => decision === 'merged')).toBe(true);
    const rules = records.flatMap(({ deferredBy }) => deferredBy);
    expect(rules).toEqual(
      expect.arrayContaining(['courteous/hours', 'courteous/a_day_between', 'courteous/after_payment']),
    );
  });

  it.each(sample(portfolios(ladders(5, { policy: 'courteous' })), { seed: 11, numRuns: 3 }))(
    'is so for any portfolio and ladder (%#)',
    async (scenario) => {
      await playAsSimulated(scenario);
    },
  );

  it('is so where it turns to a parent company: daughters share its person, and one has nobody there', async () => {
    const boss = { externalId: 'boss', roles: ['owner'], emails: ['boss@example.test'] };
    const parents = [
      customerOf({ externalId: 'P0', people: [boss] }),
      customerOf({ externalId: 'P1', email: 'other@example.test' }),
    ];
    const daughters = ['P0', 'P0', 'P1'].map((parentExternalId, i) =>
      customerOf({ externalId: `D${i}`, parentExternalId, email: `d${i}@example.test`, phone: undefined }),
    );
    const recipients = { roles: ['owner'], of: 'parent' as const };
    const document = campaignOf(
      [
        dueStep('overdue', 'P1D'),
        dueStep('escalated', 'P8D', { recipients }),
        { key: 'call', at: { anchor: 'due_date', offset: 'P12D' }, task: 'call', recipients },
      ],
      { policy: 'courteous' },
    );
    const invoices = ['D0', 'D1', 'D2', 'D0', 'P0'].map((customerExternalId, i) =>
      scenarioInvoiceOf({ externalId: `I${i}`, customerExternalId }),
    );
    const { records } = await playAsSimulated(
      scenarioOf({ document, customers: [...daughters, ...parents], invoices }),
    );
    const escalated = records.filter(
      ({ step, decision }) => step === 'escalated' && decision !== 'suppressed',
    );
    expect(
      escalated.map(({ customer, decision, person, reasons }) => [customer, decision, person, ...reasons]),
    ).toEqual(
      expect.arrayContaining([
        ['D0', 'sent', 'P0/0'],
        ['D0', 'merged', null],
        ['D1', 'sent', 'P0/0'],
      ]),
    );
    expect(escalated.flatMap(({ deferredBy }) => deferredBy)).toContain('courteous/one_a_day');
  });

  it('is so for customers of five people, with many invoices each', async () => {
    await playAsSimulated(densePortfolio('one', { customers: 2, invoices: 12 }));
  });
});

describe('two steps at once that a cap of one lets one of through', () => {
  const NOW = local('2026-04-01 10:00', 'UTC');
  const ROUNDS = 25;
  const AT_ONCE = 3;
  let engine: TestEngine;
  let organisation: TestOrganisation;
  let versionId: string;

  beforeAll(async () => {
    engine = await TestEngine.start({ relay: false });
    organisation = await engine.organisation(new Date(NOW));
    versionId = await organisation.publish({ ...ladder(['P1D'], { send: ['sms'] }), policy: 'courteous' });
  });
  afterAll(() => engine?.close());

  const dates = { issuedOn: '2026-04-01', dueOn: '2026-05-01' };
  const debtor = (phone?: string): Promise<Debtor> =>
    organisation.debtor({ zone: 'UTC', ...(phone && { phone }) }, dates);

  /** Another invoice of the same customer. */
  const another = async (owner: Debtor, n: number): Promise<Debtor> => {
    const invoice = `${owner.invoice}-${n}`;
    const input = {
      externalId: invoice,
      customerExternalId: owner.customer,
      total: '100.00',
      currency: 'EUR',
      ...dates,
    };
    const [written] = await organisation.run((scope) => upsertInvoices(scope, [input]));
    return { ...owner, invoice, invoiceId: written && 'id' in written ? written.id : '' };
  };

  /** @returns how many contacts were made of it */
  const race = async (debtors: readonly Debtor[], version = versionId): Promise<number> => {
    for (const each of debtors) await organisation.enrol(version, each);
    const refs = debtors.map(({ invoiceId }) => ({ organisationId: organisation.id, invoiceId }));
    await Promise.all(refs.map((ref) => executeStep(engine.deps, ref, NOW)));
    const contacts = await Promise.all(debtors.map((each) => organisation.contacts(each)));
    return contacts.flat().length;
  };

  it('are of one customer', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = await debtor();
      const others = await Promise.all([1, 2].map((n) => another(first, n)));
      expect([first, ...others]).toHaveLength(AT_ONCE);
      expect(await race([first, ...others])).toBe(1);
    }
  });

  it('are of customers who share a telephone', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const phone = `+4477008${String(10_000 + round)}`;
      const sharing = [await debtor(phone), await debtor(phone), await debtor(phone)];
      expect(await race(sharing)).toBe(1);
    }
  });

  it('are of daughters whose parent company is written to', async () => {
    const recipients = { roles: ['owner'], of: 'parent' as const };
    const { steps, ...plain } = ladder(['P1D']);
    const escalating = steps.map((step) => ({ ...step, recipients }));
    const version = await organisation.publish({ ...plain, policy: 'courteous', steps: escalating });
    for (let round = 0; round < ROUNDS; round += 1) {
      const parentExternalId = `parent-${round}`;
      const boss = { externalId: 'boss', roles: ['owner'], emails: [`boss-${round}@example.test`] };
      const parent = { externalId: parentExternalId, name: 'Parent', people: [boss] };
      await organisation.run((scope) => upsertCustomers(scope, [parent]));
      const daughters = [];
      for (let i = 0; i < AT_ONCE; i += 1)
        daughters.push(await organisation.debtor({ zone: 'UTC', parentExternalId }, dates));
      expect(await race(daughters, version)).toBe(1);
    }
  });

  it('lets through one each where nobody shares anything', async () => {
    expect(await race([await debtor(), await debtor()])).toBe(2);
  });

  it('tells why and until when the other waits', async () => {
    const phone = '+447700899999';
    const [first, second] = [await debtor(phone), await debtor(phone)];
    await race([first, second]);
    const kept = await organisation.rows<{
      reasons: { rule: string; text: string }[];
      deferred_by: string[];
    }>(`select reasons, deferred_by from attempt where invoice_id = any ($1) and decision = 'deferred'`, [
      first.invoiceId,
      second.invoiceId,
    ]);
    const earliest = 'earliest Thursday 2 April 10:00 in UTC.';
    expect(kept).toEqual([
      {
        deferred_by: ['courteous/a_day_between', 'courteous/one_a_day'],
        reasons: [
          { rule: 'courteous/one_a_day', text: `At most 1 contact in a day (Courteous); ${earliest}` },
          { rule: 'courteous/a_day_between', text: `At most 1 contact in 24 hours (Courteous); ${earliest}` },
        ],
      },
    ]);
  });
});

describe('duties of policies', () => {
  const NOW = local('2026-04-01 10:00', 'America/New_York');
  const dates = { issuedOn: '2026-04-01', dueOn: '2026-05-01' };
  let engine: TestEngine;
  let organisation: TestOrganisation;
  let versionId: string;

  beforeAll(async () => {
    engine = await TestEngine.start({ relay: false });
  });
  afterAll(() => engine?.close());
  beforeEach(async () => {
    organisation = await engine.organisation(new Date(NOW));
    await organisation.rows(`update creditor set party = 'third'`);
    versionId = await organisation.publish({
      ...ladder(['P1D'], { send: ['email', 'sms'] }),
      policy: 'courteous',
    });
  });

  /** A person somewhere in the United States, whose step is taken. */
  const asked = async (region: string, consent?: 'email' | 'sms'): Promise<Debtor> => {
    const place = { country: 'US', region, zone: 'America/New_York', kind: 'person' } as const;
    const debtor = await organisation.debtor({ ...place, phone: '+12125550123' }, dates);
    if (consent)
      await organisation.run((scope) =>
        recordConsent(scope, {
          customerExternalId: debtor.customer,
          medium: consent,
          state: 'granted',
          evidence: { who: 'Ann', how: 'by telephone' },
        }),
      );
    await organisation.enrol(versionId, debtor);
    await executeStep(engine.deps, { organisationId: organisation.id, invoiceId: debtor.invoiceId }, NOW);
    return debtor;
  };

  it('New York, by electronic means, with a consent alone', async () => {
    const [silent, agreed] = [await asked('NY'), await asked('NY', 'sms')];
    expect(await organisation.contacts(silent)).toEqual([]);
    expect(
      await organisation.rows(
        `select decision, reasons -> 0 ->> 'rule' as rule from attempt where invoice_id = $1`,
        silent.invoiceId,
      ),
    ).toMatchObject([{ decision: 'suppressed', rule: 'no_consent' }]);
    expect(await organisation.contacts(agreed)).toMatchObject([{ medium: 'sms', state: 'accepted' }]);
  });

  it('each message of a third party says how to get no more of them', async () => {
    const [contact] = await organisation.contacts(await asked('TX'));
    expect(contact).toMatchObject({ medium: 'email', state: 'accepted' });
    expect(contact?.snapshot.text).toMatch(/Stop these e-mails: http|reply STOP/);
  });
});
