import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineSink, importCsv } from '#importing/index.js';
import { placeHold, recordPayments, upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import { customersOf, deleteSegment, ratePayer, upsertSegments } from '#engine/segments/index.js';
import { RATING, figuresOf } from '#engine/segments/figures-sql.js';
import { upsertRules } from '#engine/enrolment-rules/index.js';
import type { CustomerConditions } from '#contracts/schemas/index.js';
import { addDays, daysBetween } from '#domain/local-time.js';
import { weekendCalendar } from '#domain/working-days.js';
import { type PayingFigures, ratingOf } from '#domain/payer-rating.js';
import { randomOf } from '../support/random.js';
import { type World, anotherOrganisation, customer, invoice, openWorld, payment } from './facts-world.js';
import type { TestStore } from './store.js';

let store: TestStore;
let world: World;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
});

/** Invoices of C-1 that came due on these days, each paid so many days later; null: still open. */
const history = (lives: readonly (readonly [dueOn: string, late: number | null])[]): Promise<void> =>
  world.run(async (scope) => {
    await upsertCustomers(scope, [customer()]);
    await upsertInvoices(
      scope,
      lives.map(([dueOn], at) => invoice({ externalId: `I-${at}`, issuedOn: addDays(dueOn, -30), dueOn })),
    );
    await recordPayments(
      scope,
      lives.flatMap(([dueOn, late], at) =>
        late === null
          ? []
          : [
              payment({
                externalId: `P-${at}`,
                invoiceExternalId: `I-${at}`,
                paidOn: addDays(dueOn, late),
              }),
            ],
      ),
    );
  });

const customerId = async (): Promise<string> =>
  (await world.rows<{ id: string }>(`select id from customer where external_id = 'C-1'`))[0]?.id ?? '';

const rated = async () => {
  const id = await customerId();
  return world.run((scope) => ratePayer(scope, id));
};

describe('how a customer has paid', () => {
  it('is counted from due dates and the day on which the last of the money came', async () => {
    await history([
      ['2026-01-05', -2],
      ['2026-01-10', 3],
      ['2026-01-12', 4],
      ['2026-01-15', 31],
      ['2026-02-20', null],
    ]);
    expect(await rated()).toEqual({
      rating: 'average',
      figures: {
        due: 5,
        onTime: 2,
        veryLate: 1,
        averageDaysLate: 9.6,
        longestDaysLate: 31,
        overdue: 1,
        promises: 0,
        brokenPromises: 0,
      },
    });
  });

  it('knows nothing of what is not due yet, came due over two years ago, or was cancelled', async () => {
    await history([
      ['2026-03-02', null],
      ['2026-03-20', null],
      ['2024-03-01', 90],
      ['2026-01-05', null],
    ]);
    await world.rows(`update invoice set status = 'cancelled' where external_id = 'I-3'`);
    expect(await rated()).toMatchObject({ rating: 'new', figures: { due: 0 } });
  });

  it('counts the day two years ago, and not the one before it', async () => {
    await history([
      [addDays('2026-03-02', -730), 0],
      [addDays('2026-03-02', -731), 0],
    ]);
    expect(await rated()).toMatchObject({ figures: { due: 1 } });
  });

  it('holds no dispute against anybody', async () => {
    await history([
      ['2026-01-05', 40],
      ['2026-01-06', 40],
      ['2026-01-07', 40],
      ['2026-01-08', 0],
    ]);
    expect(await rated()).toMatchObject({ rating: 'chronic', figures: { veryLate: 3, due: 4 } });
    await world.rows(`update invoice set status = 'open' where external_id = 'I-0'`);
    await world.run((scope) =>
      placeHold(scope, { customerExternalId: 'C-1', kind: 'manual', reason: 'of no matter' }),
    );
    await world.rows(
      `insert into hold (organisation_id, customer_id, invoice_id, kind, effective_at)
       select organisation_id, customer_id, id, 'dispute', now() from invoice where external_id in ('I-0', 'I-1')`,
    );
    expect(await rated()).toMatchObject({ rating: 'new', figures: { veryLate: 1, due: 2 } });
  });

  it('counts promises whose day has passed, and those that were not kept', async () => {
    await history([['2026-01-05', null]]);
    await world.rows(
      `insert into promise (organisation_id, invoice_id, customer_id, sequence, amount_minor, currency, promised_on, effective_at)
       select organisation_id, id, customer_id, s, 10000, 'EUR', d, d - interval '3 days'
       from invoice, (values (1, date '2026-02-01'), (2, date '2026-02-10'), (3, date '2026-03-02')) v (s, d)`,
    );
    expect(await rated()).toMatchObject({ figures: { promises: 2, brokenPromises: 2 } });
  });

  it('is the same to the database as to the rule it is told by, at every boundary', async () => {
    const random = randomOf('ratings');
    const all: PayingFigures[] = Array.from({ length: 3_000 }, () => {
      const due = random.between(0, 12);
      const onTime = random.between(0, due);
      const promises = random.between(0, 7);
      return {
        due,
        onTime,
        veryLate: random.between(0, due - onTime),
        averageDaysLate: random.pick([0, 6.9, 7, 7.1, 15, 29.9, 30, 30.1]),
        longestDaysLate: 0,
        overdue: 0,
        promises,
        brokenPromises: random.between(0, promises),
      };
    });
    const [row] = await world.rows<{ ratings: string[] }>(
      `select json_agg(${RATING} order by f.at) as ratings from jsonb_to_recordset($1) as f(at int, due int, on_time int,
         very_late int, average_days_late float8, promises int, broken_promises int)`,
      JSON.stringify(
        all.map((f, at) => ({
          at,
          due: f.due,
          on_time: f.onTime,
          very_late: f.veryLate,
          average_days_late: f.averageDaysLate,
          promises: f.promises,
          broken_promises: f.brokenPromises,
        })),
      ),
    );
    expect(row?.ratings).toEqual(all.map(ratingOf));
    expect(new Set(row?.ratings)).toEqual(new Set(['new', 'good', 'average', 'chronic']));
    expect(figuresOf('current_date')).toContain('730');
  });
});

describe('how the customers of the sample file have paid', () => {
  const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
  const TODAY = '2013-07-01';

  /** Counted from the file itself. */
  const counted = (): Map<string, PayingFigures> => {
    const iso = (text: string): string => {
      const [month = '', day = '', year = ''] = text.split('/');
      return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    };
    const lates = new Map<string, { late: number; open: boolean }[]>();
    for (const line of readFileSync(`${DATA}ar-invoices.csv`, 'utf8').trim().split('\n').slice(1)) {
      const [, who = '', , , , dueText = '', , , settledText = ''] = line.split(',');
      const [dueOn, settledOn] = [iso(dueText), iso(settledText)];
      if (dueOn >= TODAY) continue;
      const open = settledOn > TODAY;
      const late = Math.max(0, daysBetween(dueOn, open ? TODAY : settledOn));
      lates.set(who, [...(lates.get(who) ?? []), { late, open }]);
    }
    return new Map(
      [...lates].map(([who, all]) => [
        who,
        {
          due: all.length,
          onTime: all.filter(({ late }) => late <= 3).length,
          veryLate: all.filter(({ late }) => late > 30).length,
          averageDaysLate: Math.round((all.reduce((sum, { late }) => sum + late, 0) / all.length) * 10) / 10,
          longestDaysLate: Math.max(...all.map(({ late }) => late)),
          overdue: all.filter(({ open }) => open).length,
          promises: 0,
          brokenPromises: 0,
        },
      ]),
    );
  };

  it('is what the file says of each of them', async () => {
    await world.rows(`update organisation set clock_now = '${TODAY}T09:00:00Z'`);
    const sink = engineSink(world.app, world.organisationId, weekendCalendar);
    for (const kind of ['customers', 'invoices'] as const)
      await importCsv(kind, createReadStream(`${DATA}ar-${kind}.csv`), {}, sink);
    const customers = await world.rows<{ id: string; external_id: string }>(
      'select id, external_id from customer order by external_id',
    );
    const expected = counted();
    const ratings = new Map<string, number>();
    for (const { id, external_id: name } of customers) {
      const rated = await world.run((scope) => ratePayer(scope, id));
      if (!rated) throw new Error(`${name} is gone.`);
      const figures = expected.get(name);
      expect([name, rated]).toEqual([
        name,
        { rating: ratingOf(figures ?? rated.figures), figures: figures ?? rated.figures },
      ]);
      if (!figures) expect(rated).toMatchObject({ rating: 'new', figures: { due: 0 } });
      ratings.set(rated.rating, (ratings.get(rated.rating) ?? 0) + 1);
    }
    expect(Object.fromEntries(ratings)).toEqual({ good: 49, average: 51 });
  }, 120_000);
});

describe('a segment', () => {
  beforeEach(() =>
    world.run(async (scope) => {
      await upsertCustomers(scope, [
        customer({ externalId: 'parent', kind: 'company', country: 'DE', locale: 'de-AT' }),
        customer({ externalId: 'daughter', country: 'DE', locale: 'de', parentExternalId: 'parent' }),
        customer({ externalId: 'person', kind: 'person', country: 'AT', locale: 'den', region: 'Wien' }),
        customer({
          externalId: 'nowhere',
          accountManager: {
            externalId: 'M-1',
            name: 'Max',
            email: 'max@example.test',
            phone: '+442079460000',
          },
        }),
      ]);
      await upsertInvoices(scope, [
        invoice({ externalId: 'a', customerExternalId: 'daughter', dueOn: '2026-02-20', total: '60.00' }),
        invoice({ externalId: 'b', customerExternalId: 'daughter', dueOn: '2026-02-28', total: '50.00' }),
        invoice({ externalId: 'c', customerExternalId: 'daughter', dueOn: '2026-03-20', total: '900.00' }),
        invoice({
          externalId: 'd',
          customerExternalId: 'person',
          dueOn: '2026-02-20',
          total: '500.00',
          currency: 'USD',
        }),
      ]);
      await recordPayments(scope, [
        payment({ customerExternalId: 'daughter', invoiceExternalId: 'b', amount: '10.00' }),
      ]);
    }),
  );

  const members = async (filter: CustomerConditions): Promise<string[]> => {
    const { count, ids } = await world.run((scope) => customersOf(scope, filter, 100));
    expect(ids).toHaveLength(count);
    const rows = await world.rows<{ external_id: string }>(
      'select external_id from customer where id = any ($1::uuid[]) order by external_id',
      ids,
    );
    return rows.map((row) => row.external_id);
  };

  it.each<[string, CustomerConditions, string[]]>([
    ['by kind', { kinds: ['person'] }, ['person']],
    [
      'by country; an unknown one is none of them',
      { countries: ['DE', 'AT'] },
      ['daughter', 'parent', 'person'],
    ],
    ['by region', { regions: ['Wien'] }, ['person']],
    ['by language, its variants too', { locales: ['de'] }, ['daughter', 'parent']],
    ['by account manager', { accountManagers: ['M-1'] }, ['nowhere']],
    ['by parent company', { parents: ['parent'] }, ['daughter']],
    ['by name', { customers: ['nowhere', 'person', 'nobody'] }, ['nowhere', 'person']],
    ['by rating', { ratings: ['new'] }, ['daughter', 'nowhere', 'parent', 'person']],
    ['by another rating', { ratings: ['good', 'chronic'] }, []],
    ['all conditions at once', { countries: ['DE'], locales: ['de-AT'] }, ['parent']],
    [
      'by what is overdue, paid amounts taken off',
      { overdue: { currency: 'EUR', atLeast: '100.00' } },
      ['daughter'],
    ],
    ['a cent less than that', { overdue: { currency: 'EUR', atLeast: '100.01' } }, []],
    ['overdue for ten days', { overdue: { currency: 'EUR', atLeast: '60.01', days: 10 } }, []],
    ['currencies are never added up', { overdue: { currency: 'USD', atLeast: '500.00' } }, ['person']],
  ])('%s', async (_what, filter, expected) => {
    expect(await members(filter)).toEqual(expected);
  });

  it('is kept, changed and deleted, but not while a rule uses it', async () => {
    const save = (countries: string[]) =>
      world.run((scope) =>
        upsertSegments(scope, [{ externalId: 'dach', name: 'DACH', filter: { countries } }]),
      );
    const [created] = await save(['DE']);
    expect(created).toMatchObject({ result: 'created' });
    expect(await save(['DE'])).toMatchObject([{ result: 'unchanged' }]);
    expect(await save(['DE', 'AT'])).toMatchObject([{ result: 'updated' }]);
    const rule = { externalId: 'r', name: 'R', campaign: null, audience: { segments: ['dach'] } };
    await world.run((scope) => upsertRules(scope, [rule]));
    const id = created?.result === 'created' ? created.id : '';
    expect(await world.run((scope) => deleteSegment(scope, id))).toEqual(['r']);
    await world.run((scope) => upsertRules(scope, [{ ...rule, audience: {} }]));
    expect(await world.run((scope) => deleteSegment(scope, id))).toEqual([]);
    expect(await world.rows('select 1 from segment')).toEqual([]);
  });

  it('is of one organisation: a rule cannot use that of another', async () => {
    const other = await anotherOrganisation(store);
    await other.run((scope) =>
      upsertSegments(scope, [{ externalId: 'dach', name: 'DACH', filter: { countries: ['DE'] } }]),
    );
    const rule = { externalId: 'r', name: 'R', campaign: null, audience: { segments: ['dach'] } };
    expect(await world.run((scope) => upsertRules(scope, [rule]))).toMatchObject([
      { result: 'refused', reason: 'unknown_segment', field: 'audience.segments[0]' },
    ]);
  });
});
