import type { EnrolmentRuleInput } from '#contracts/schemas/index.js';
import { holidayCalendar } from '#domain/working-days.js';
import { loadPublicHolidays } from '#domain/holidays.js';
import { endEnrolment, parseCampaign, publish, retire, saveDraft } from '#engine/campaigns/index.js';
import {
  enrolByRules,
  explainRules,
  nightOf,
  previewRules,
  runRules,
  upsertRules,
  workAtNight,
} from '#engine/enrolment-rules/index.js';
import { recordPayments, upsertCreditors, upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { upsertSegments } from '#engine/segments/index.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import {
  type World,
  anotherOrganisation,
  creditor,
  customer,
  invoice,
  openWorld,
  payment,
} from './facts-world.js';
import { createOrganisation, type TestStore } from './store.js';

let store: TestStore;
let world: World;
let calendar: WorkingCalendar;

beforeAll(async () => {
  ({ store } = await openWorld());
  calendar = holidayCalendar(await loadPublicHolidays());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
});

const campaign = (externalId: string, isPublished = true): Promise<unknown> =>
  world.run(async (scope) => {
    const parsed = parseCampaign(
      JSON.stringify({
        kindly: 1,
        name: externalId,
        policy: 'none',
        steps: [
          { key: 'first', at: { anchor: 'due_date', offset: 'P1D' }, send: ['email'], template: 'overdue' },
          { key: 'second', at: { anchor: 'due_date', offset: 'P9D' }, send: ['email'], template: 'overdue' },
        ],
      }),
      'json',
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { campaignId, number } = await saveDraft(scope, externalId, parsed.document);
    return isPublished && publish(scope, campaignId, number);
  });

const rule = (overrides: Partial<EnrolmentRuleInput> = {}): EnrolmentRuleInput => ({
  externalId: 'all',
  name: 'Everybody',
  campaign: 'standard',
  state: 'active',
  ...overrides,
});

const rules = (...inputs: EnrolmentRuleInput[]) => world.run((scope) => upsertRules(scope, inputs));

const owing = (
  ...invoices: { of: string; id: string; dueOn?: string; total?: string; currency?: string }[]
): Promise<void> =>
  world.run(async (scope) => {
    const customers = [...new Set(invoices.map(({ of }) => of))];
    await upsertCustomers(
      scope,
      customers.map((externalId) =>
        customer({ externalId, country: externalId.slice(0, 2), kind: 'company' }),
      ),
    );
    await upsertInvoices(
      scope,
      invoices.map(({ of, id, ...rest }) => invoice({ externalId: id, customerExternalId: of, ...rest })),
    );
  });

const enrolments = async (): Promise<string[]> =>
  (
    await world.rows<{ line: string }>(
      `select i.external_id || ' in ' || g.external_id || coalesce(' by ' || r.external_id, '') as line
       from enrolment e join invoice i on i.id = e.invoice_id join campaign g on g.id = e.campaign_id
       left join enrolment_rule r on r.id = e.rule_id order by i.external_id`,
    )
  ).map(({ line }) => line);

const night = () => runRules((work) => world.run(work), calendar, 'night');

describe('enrolment by rule', () => {
  it('asks the rules in the order of their priority, and the first that takes an invoice has it', async () => {
    await campaign('standard');
    await campaign('gentle');
    await world.run((scope) =>
      upsertSegments(scope, [{ externalId: 'iberia', name: 'Iberia', filter: { countries: ['ES', 'PT'] } }]),
    );
    await rules(
      rule({ externalId: 'rest', priority: 900 }),
      rule({ externalId: 'iberia', campaign: 'gentle', audience: { segments: ['iberia'] } }),
      rule({
        externalId: 'key',
        campaign: null,
        priority: 1,
        audience: { customer: { customers: ['ES-key'] } },
      }),
      rule({ externalId: 'paused', priority: 2, state: 'paused' }),
    );
    await owing({ of: 'ES-1', id: 'a' }, { of: 'ES-key', id: 'b' }, { of: 'DE-1', id: 'c' });
    expect((await night()).enrolled).toEqual(
      new Map([
        ['iberia', 1],
        ['rest', 1],
      ]),
    );
    expect(await enrolments()).toEqual(['a in gentle by iberia', 'c in standard by rest']);
  });

  it('plans what it enrols, and tells its workflow', async () => {
    await campaign('standard');
    await rules(rule());
    await owing({ of: 'ES-1', id: 'a', dueOn: '2026-03-10' });
    await night();
    expect(
      await world.rows(`select e.next_due_at, (select count(*) from outbox)::int as told from enrolment e`),
    ).toEqual([{ next_due_at: new Date('2026-03-11T09:00:00Z'), told: 1 }]);
  });

  it('leaves exceptions and small amounts to the rules after it, each currency by itself', async () => {
    await campaign('standard');
    await rules(
      rule({
        except: { customer: { countries: ['FR'] }, invoice: { currencies: ['USD'] } },
        minimumBalance: [{ currency: 'EUR', amount: '25.00' }],
      }),
    );
    await owing(
      { of: 'ES-1', id: 'a', total: '25.00' },
      { of: 'ES-1', id: 'b', total: '24.99' },
      { of: 'ES-1', id: 'c', total: '1.00', currency: 'GBP' },
      { of: 'FR-1', id: 'd' },
      { of: 'FR-1', id: 'e', currency: 'USD' },
    );
    await world.run((scope) =>
      recordPayments(scope, [
        payment({ customerExternalId: 'FR-1', invoiceExternalId: 'd', amount: '75.01' }),
      ]),
    );
    await night();
    expect(await enrolments()).toEqual(['a in standard by all', 'c in standard by all']);
  });

  it.each<[string, EnrolmentRuleInput['audience'], string[]]>([
    ['from a day on', { invoice: { issuedFrom: '2026-02-15' } }, ['new']],
    ['overdue for a while', { invoice: { daysOverdue: { atLeast: 10 } } }, ['old']],
    ['not for too long', { invoice: { daysOverdue: { atMost: 9 } } }, ['new', 'usd']],
    ['of a currency', { invoice: { currencies: ['USD'] } }, ['usd']],
    ['of another creditor', { invoice: { creditors: ['nobody'] } }, []],
    ['of a kind', { invoice: { kinds: ['invoice'] } }, ['new', 'old', 'usd']],
  ])('takes invoices %s', async (_what, audience, expected) => {
    await campaign('standard');
    await rules(rule({ audience }));
    await owing({ of: 'ES-1', id: 'old', dueOn: '2026-02-20' }, { of: 'ES-1', id: 'usd', currency: 'USD' });
    await world.run((scope) =>
      upsertInvoices(scope, [
        invoice({
          externalId: 'new',
          customerExternalId: 'ES-1',
          issuedOn: '2026-02-15',
          dueOn: '2026-03-20',
        }),
      ]),
    );
    await night();
    expect(await enrolments()).toEqual(expected.map((id) => `${id} in standard by all`));
  });

  it('never takes what was enrolled before, is paid, or waits for money on its way', async () => {
    await campaign('standard');
    await rules(rule());
    await owing(
      { of: 'ES-1', id: 'ended' },
      { of: 'ES-1', id: 'paid' },
      { of: 'ES-1', id: 'pending' },
      { of: 'ES-1', id: 'open' },
    );
    await world.run((scope) =>
      recordPayments(scope, [
        payment({ externalId: 'p', customerExternalId: 'ES-1', invoiceExternalId: 'paid' }),
        payment({
          externalId: 'q',
          customerExternalId: 'ES-1',
          invoiceExternalId: 'pending',
          status: 'pending',
        }),
      ]),
    );
    await night();
    expect(await enrolments()).toEqual(['ended in standard by all', 'open in standard by all']);
    const [ended] = await world.rows<{ id: string }>(
      `select e.id from enrolment e join invoice i on i.id = e.invoice_id where i.external_id = 'ended'`,
    );
    await world.run((scope) => endEnrolment(scope, ended?.id ?? '', 'by hand'));
    expect((await night()).enrolled).toEqual(new Map());
  });

  it('lets in as many overdue customers a day as a rule says, the longest overdue first, with all their invoices', async () => {
    await campaign('standard');
    await rules(rule({ overduePerDay: 2 }));
    await owing(
      { of: 'ES-late', id: 'd', dueOn: '2026-02-10' },
      { of: 'ES-oldest', id: 'a', dueOn: '2026-01-10' },
      { of: 'ES-old', id: 'b', dueOn: '2026-01-20' },
      { of: 'ES-oldest', id: 'c', dueOn: '2026-02-25' },
      { of: 'ES-late', id: 'e', dueOn: '2026-03-20' },
    );
    const first = await night();
    expect(await enrolments()).toEqual([
      'a in standard by all',
      'b in standard by all',
      'c in standard by all',
      'e in standard by all',
    ]);
    expect(first.waiting).toEqual(new Map([['all', 1]]));
    await night();
    expect(await enrolments()).toHaveLength(4);
    await world.rows(`update organisation set clock_now = clock_now + interval '1 day'`);
    await night();
    expect(await enrolments()).toHaveLength(5);
  });

  it('keeps the number of a day when two nights run at once', async () => {
    await campaign('standard');
    await rules(rule({ overduePerDay: 3 }));
    await owing(
      ...Array.from({ length: 12 }, (_, at) => ({ of: `ES-${at}`, id: `i-${at}`, dueOn: '2026-02-10' })),
    );
    await Promise.all([night(), night(), night()]);
    expect(await enrolments()).toHaveLength(3);
  });

  it('takes what has just been written at once, but nothing that waits for the night', async () => {
    await campaign('standard');
    await rules(
      rule({
        externalId: 'night',
        priority: 1,
        onlyAtNight: true,
        audience: { customer: { countries: ['FR'] } },
      }),
      rule({ overduePerDay: 5 }),
    );
    await owing(
      { of: 'ES-1', id: 'a' },
      { of: 'ES-1', id: 'late', dueOn: '2026-02-20' },
      { of: 'FR-1', id: 'b' },
    );
    const ids = (await world.rows<{ id: string }>('select id from invoice')).map(({ id }) => id);
    const taken = await world.run((scope) => enrolByRules(scope, calendar, ids, 'written'));
    expect(await enrolments()).toEqual(['a in standard by all']);
    expect(taken.waiting).toEqual(
      new Map([
        ['night', 1],
        ['all', 1],
      ]),
    );
    await night();
    expect(await enrolments()).toHaveLength(3);
  });

  it('waits for a campaign that has no published version, and says so', async () => {
    await campaign('standard');
    await campaign('draft', false);
    expect(await rules(rule({ campaign: 'draft' }))).toMatchObject([
      { result: 'refused', reason: 'wrong_state', field: 'campaign' },
    ]);
    await rules(rule());
    const [{ id = '' } = {}] = await world.rows<{ id?: string }>(
      `select id from campaign where external_id = 'standard'`,
    );
    await world.run((scope) => retire(scope, id, 1));
    await owing({ of: 'ES-1', id: 'a' });
    expect(await night()).toMatchObject({ enrolled: new Map(), unpublished: new Map([['all', 1]]) });
  });

  it('takes more than a chunk, and goes on where it was stopped', async () => {
    await campaign('standard');
    await rules(rule());
    await owing(...Array.from({ length: 450 }, (_, at) => ({ of: `ES-${at % 7}`, id: `i-${at}` })));
    let chunks = 0;
    const stopped = await runRules(
      (work) => world.run(work),
      calendar,
      'night',
      () => ++chunks > 1,
    );
    expect(stopped).toMatchObject({ complete: false, enrolled: new Map([['all', 200]]) });
    expect(await night()).toMatchObject({ complete: true, enrolled: new Map([['all', 250]]) });
  });

  it('marks the night as done, on the day that it is where the organisation is', async () => {
    await campaign('standard');
    await rules(rule());
    expect(await world.rows('select night_done_on::text from organisation')).toEqual([
      { night_done_on: '2026-03-02' },
    ]);
    await world.rows(`update organisation set clock_now = '2026-03-04T23:30:00Z', zone = 'Europe/Madrid'`);
    await nightOf((work) => world.run(work), calendar);
    expect(await world.rows('select night_done_on::text from organisation')).toEqual([
      { night_done_on: '2026-03-05' },
    ]);
  });

  it('is done at night for live organisations, once, and a night that was missed is made up for', async () => {
    const organisationId = await createOrganisation(store.system, { kind: 'live' });
    const inScope = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
      withScope(store.app, organisationId, 'tester', work);
    world = {
      ...world,
      organisationId,
      run: inScope,
      rows: (sql, ...parameters) => inScope(({ manager }) => manager.query(sql, parameters)),
    };
    await world.run((scope) => upsertCreditors(scope, [creditor()]));
    await campaign('standard');
    await rules(rule());
    await owing({ of: 'ES-1', id: 'a', dueOn: '2099-03-10' });
    const told: string[] = [];
    const work = () =>
      workAtNight({
        dataSource: store.app,
        system: store.system,
        calendar,
        log: (message) => told.push(message),
      });
    await work();
    expect(await enrolments()).toEqual([]);
    await world.rows(`update organisation set night_done_on = night_done_on - 3`);
    await Promise.all([work(), work()]);
    await work();
    expect(await enrolments()).toEqual(['a in standard by all']);
    expect(told).toEqual(['Rules have enrolled invoices.']);
  });

  it('tells beforehand what each rule would take, in its currencies, paused ones too where asked', async () => {
    await campaign('standard');
    await rules(
      rule({ audience: { customer: { countries: ['ES'] } } }),
      rule({ externalId: 'paused', state: 'paused', audience: { customer: { countries: ['FR'] } } }),
    );
    await owing(
      { of: 'ES-1', id: 'a', total: '10.50' },
      { of: 'ES-1', id: 'b', currency: 'JPY', total: '500', dueOn: '2026-02-20' },
      { of: 'ES-2', id: 'c', total: '20.00', dueOn: '2026-02-20' },
      { of: 'FR-1', id: 'd', total: '7.00' },
    );
    const active = await world.run((scope) => previewRules(scope, false));
    expect(active).toEqual({
      rules: [
        {
          rule: 'all',
          name: 'Everybody',
          campaign: 'standard',
          isPublished: true,
          invoices: 3,
          customers: 2,
          overdueInvoices: 2,
          overdueCustomers: 2,
          open: [
            { currency: 'EUR', amount: '30.50' },
            { currency: 'JPY', amount: '500' },
          ],
        },
      ],
      unmatched: {
        invoices: 1,
        customers: 1,
        overdueInvoices: 0,
        overdueCustomers: 0,
        open: [{ currency: 'EUR', amount: '7.00' }],
      },
    });
    const both = await world.run((scope) => previewRules(scope, true));
    expect(both.rules[1]).toMatchObject({ rule: 'paused', invoices: 1 });
    expect(both.unmatched.invoices).toBe(0);
    expect(await enrolments()).toEqual([]);
  });

  it('says why an invoice is taken, and by which condition a rule leaves it', async () => {
    await campaign('standard');
    await rules(
      rule({
        externalId: 'strict',
        priority: 1,
        audience: { customer: { countries: ['FR'], kinds: ['company'] } },
        except: { invoice: { currencies: ['EUR'] } },
        minimumBalance: [{ currency: 'EUR', amount: '500.00' }],
      }),
      rule(),
      rule({ externalId: 'later', priority: 200 }),
    );
    await owing({ of: 'ES-1', id: 'a' });
    const [{ id = '' } = {}] = await world.rows<{ id?: string }>('select id from invoice');
    expect(await world.run((scope) => explainRules(scope, id))).toMatchObject({
      isCandidate: true,
      answers: [
        {
          rule: { externalId: 'strict' },
          takes: false,
          failed: ['customer.countries', 'except', 'minimumBalance'],
        },
        { rule: { externalId: 'all' }, takes: true, failed: [] },
        { rule: { externalId: 'later' }, takes: false, failed: [] },
      ],
    });
    await night();
    expect(await world.run((scope) => explainRules(scope, id))).toMatchObject({ isCandidate: false });
  });

  it('keeps what an input leaves out, and records who changed what', async () => {
    await campaign('standard');
    await rules(rule({ overduePerDay: 5, minimumBalance: [{ currency: 'EUR', amount: '5.00' }] }));
    expect(await rules({ externalId: 'all', name: 'Everybody', campaign: 'standard' })).toMatchObject([
      { result: 'unchanged' },
    ]);
    expect(await rules(rule({ overduePerDay: null }))).toMatchObject([{ result: 'updated' }]);
    expect(
      await world.rows(
        `select action, detail -> 'from' ->> 'overduePerDay' as was from audit_event
         where subject_type = 'enrolment_rule' order by recorded_at, action`,
      ),
    ).toEqual([
      { action: 'enrolment_rule.created', was: null },
      { action: 'enrolment_rule.updated', was: '5' },
    ]);
    expect(await rules(rule({ campaign: 'nowhere' }))).toMatchObject([
      { result: 'refused', reason: 'unknown_campaign' },
    ]);
  });
});
