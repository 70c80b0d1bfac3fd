import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Invoice } from '#store/entities/index.js';
import { withOrganisation, withSystem } from '#store/with-organisation.js';
import { fillEveryTable } from './rows.js';
import { createOrganisation, openTestStore } from './store.js';
import type { TestStore } from './store.js';

/** `types-elsewhere.spec.ts` runs this file once more in zones east and west of Greenwich. */
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

let store: TestStore;
let organisationId: string;

beforeAll(async () => {
  store = await openTestStore();
  organisationId = await createOrganisation(store.system);
  await withOrganisation(store.app, organisationId, (manager) => fillEveryTable(manager, organisationId));
});
afterAll(() => store.close());

const select = async (expression: string, parameters: unknown[] = []): Promise<unknown> => {
  const rows = await withSystem(store.app, (manager) =>
    manager.query<{ value: unknown }[]>(`select ${expression} as value`, parameters),
  );
  return rows[0]?.value;
};

describe(`in the zone ${timeZone}`, () => {
  it.each(['2026-03-29', '1999-12-31', '2024-02-29'])('reads the date %s as it was written', async (date) => {
    await expect(select(`'${date}'::date`)).resolves.toBe(date);
    await expect(select('$1::date', [date])).resolves.toBe(date);
    await expect(select(`array['${date}', null]::date[]`)).resolves.toEqual([date, null]);
  });

  it('keeps the dates of an entity', async () => {
    const invoice = await withOrganisation(store.app, organisationId, async (manager) => {
      const found = await manager.findOneByOrFail(Invoice, { organisationId });
      found.dueOn = '2026-10-25';
      await manager.save(found);
      return manager.findOneByOrFail(Invoice, { organisationId });
    });
    expect(invoice).toMatchObject({ issuedOn: '2026-03-01', dueOn: '2026-10-25' });
  });

  it('keeps an instant to the millisecond, both ways', async () => {
    const instant = new Date('2026-03-29T00:59:59.987Z');
    await expect(select('$1::timestamptz', [instant])).resolves.toEqual(instant);
    await expect(select(`'2026-03-29T00:59:59.987Z'::timestamptz`)).resolves.toEqual(instant);
    const [found] = await withOrganisation(store.app, organisationId, (manager) => manager.find(Invoice));
    expect(found?.effectiveAt).toEqual(new Date('2026-03-29T01:00:00Z'));
  });

  it('casts an instant to a date in UTC, whatever the server and this process are set to', async () => {
    await expect(select(`'2026-03-29T23:30:00Z'::timestamptz::date`)).resolves.toBe('2026-03-29');
    await expect(select(`'2026-03-29T00:30:00Z'::timestamptz::date`)).resolves.toBe('2026-03-29');
  });
});

describe('numbers', () => {
  it.each([
    ['a bigint', '12345678901::bigint', 12_345_678_901],
    ['a count', '(select count(*) from generate_series(1, 3))', 3],
    ['a sum of bigints, which is a numeric', '(select sum(x::bigint) from generate_series(1, 3) x)', 6],
    ['the greatest that is exact', '9007199254740991::bigint', Number.MAX_SAFE_INTEGER],
    ['an array', 'array[1, null, 2]::bigint[]', [1, null, 2]],
    ['null', 'null::bigint', null],
    ['a double', '0.5::float8', 0.5],
  ])('are numbers: %s', async (_what, expression, expected) => {
    await expect(select(expression)).resolves.toEqual(expected);
  });

  it.each(['9007199254740992::bigint', '-9007199254740992::bigint', '0.1::numeric', '(10::numeric ^ 20)'])(
    'are refused where a number would not be exact: %s',
    async (expression) => {
      await expect(select(expression)).rejects.toThrow(/cannot hold exactly/);
    },
  );

  it('leave the connection usable after being refused', async () => {
    await expect(select('0.1::numeric')).rejects.toThrow();
    await expect(select('1::bigint')).resolves.toBe(1);
  });
});
