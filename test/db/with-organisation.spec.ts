import { In } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Customer } from '#store/entities/index.js';
import { queryLast } from '#store/prepared.js';
import { withOrganisation, withSystem } from '#store/with-organisation.js';
import { createOrganisation, openTestStore } from './store.js';
import type { TestStore } from './store.js';

let store: TestStore;
let organisationId: string;

beforeAll(async () => {
  // One connection: whoever comes next gets the one that was just used.
  store = await openTestStore(1);
  organisationId = await createOrganisation(store.system);
});
afterAll(() => store.close());

const aCustomer = (externalId: string) => ({ organisationId, externalId, name: externalId, zone: 'UTC' });

const customers = () => withOrganisation(store.app, organisationId, (manager) => manager.count(Customer));

describe('withOrganisation', () => {
  it('gives what the work gives, and commits', async () => {
    const id = await withOrganisation(store.app, organisationId, async (manager) => {
      const saved = await manager.save(manager.create(Customer, aCustomer('saved')));
      return saved.id;
    });
    const found = await withOrganisation(store.app, organisationId, (manager) =>
      manager.findOneBy(Customer, { id }),
    );
    expect(found).toMatchObject({
      externalId: 'saved',
      kind: 'company',
      factsVersion: 1,
      recordedAt: expect.any(Date),
    });
  });

  it('rolls back all of the work when it throws, and throws that error', async () => {
    const before = await customers();
    const work = withOrganisation(store.app, organisationId, async (manager) => {
      await manager.getRepository(Customer).save(aCustomer('lost'));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await expect(customers()).resolves.toBe(before);
  });

  it('lets a savepoint fail alone', async () => {
    await withOrganisation(store.app, organisationId, async (manager) => {
      await manager.insert(Customer, aCustomer('outside'));
      const inside = manager.transaction((nested) => nested.insert(Customer, aCustomer('outside')));
      await expect(inside).rejects.toMatchObject({ driverError: { code: '23505' } });
      await manager.insert(Customer, aCustomer('after'));
    });
    await withOrganisation(store.app, organisationId, async (manager) => {
      await expect(manager.existsBy(Customer, { externalId: 'outside' })).resolves.toBe(true);
      await expect(manager.existsBy(Customer, { externalId: 'after' })).resolves.toBe(true);
    });
  });

  it('does not pretend to have committed when the error of a statement was swallowed', async () => {
    const work = withOrganisation(store.app, organisationId, async (manager) => {
      await manager.insert(Customer, aCustomer('swallowed'));
      await manager.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/Nothing was committed/);
  });

  it('commits along with a last statement', async () => {
    const last = {
      name: 'spec-last',
      text: 'insert into customer (organisation_id, external_id, name, zone) values ($1, $2, $2, $3)',
    };
    await withOrganisation(store.app, organisationId, (manager) =>
      queryLast(manager, last, [organisationId, 'last', 'UTC']),
    );
    const again = withOrganisation(store.app, organisationId, async (manager) => {
      await manager.insert(Customer, aCustomer('before last'));
      return queryLast(manager, last, [organisationId, 'last', 'UTC']);
    });
    await expect(again).rejects.toMatchObject({ code: '23505' });
    const asked = withOrganisation(store.app, organisationId, async (manager) => {
      await queryLast(manager, last, [organisationId, 'one more', 'UTC']);
      await queryLast(manager, last, [organisationId, 'too late', 'UTC']);
    });
    await expect(asked).rejects.toThrow('No transaction is open.');
    const names = await withOrganisation(store.app, organisationId, (manager) =>
      manager.find(Customer, { where: { externalId: In(['last', 'before last', 'too late']) } }),
    );
    expect(names.map(({ externalId }) => externalId)).toEqual(['last']);
  });

  it('takes two round trips besides those of the work', async () => {
    let roundTrips = 0;
    const count = () => (roundTrips += 1);
    const pool = (store.app.driver as PostgresDriver).master as pg.Pool;
    const client = (await pool.connect()) as pg.PoolClient & { connection: NodeJS.EventEmitter };
    client.release();
    client.connection.on('readyForQuery', count);
    await withOrganisation(store.app, organisationId, (manager) => manager.query('select 1'));
    client.connection.off('readyForQuery', count);
    expect(roundTrips).toBe(1 + 2);
  });

  it.each([
    '',
    'x',
    "'; drop table customer; --",
    "00000000-0000-7000-8000-000000000000',true); select 1 --",
    '00000000-0000-7000-8000-000000000000\n',
    ' 00000000-0000-7000-8000-000000000000',
    '{00000000-0000-7000-8000-000000000000}',
    '00000000000070008000000000000000',
  ])('refuses what is no uuid, before it reaches the database: %j', async (id) => {
    const work = jest.fn(() => Promise.resolve());
    await expect(withOrganisation(store.app, id, work)).rejects.toThrow(TypeError);
    expect(work).not.toHaveBeenCalled();
  });
});

describe('the next user of the connection', () => {
  const setting = async () => {
    const rows = await store.app.query<{ value: string | null; customers: number }[]>(
      `select current_setting('app.organisation', true) as value, (select count(*) from customer) as customers`,
    );
    return rows[0];
  };
  const nothing = { value: '', customers: 0 };

  it('finds no organisation set after a commit', async () => {
    await withOrganisation(store.app, organisationId, (manager) =>
      manager.insert(Customer, aCustomer('leak')),
    );
    await expect(setting()).resolves.toEqual(nothing);
  });

  it('finds none after the work threw', async () => {
    await expect(
      withOrganisation(store.app, organisationId, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    await expect(setting()).resolves.toEqual(nothing);
  });

  it('finds none after a statement failed', async () => {
    await expect(
      withOrganisation(store.app, organisationId, (manager) => manager.query('select 1 / 0')),
    ).rejects.toThrow();
    await expect(setting()).resolves.toEqual(nothing);
  });

  it('gets a fresh one when the connection was cut in the middle', async () => {
    const cut = withOrganisation(store.app, organisationId, (manager) =>
      manager.query('select pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(cut).rejects.toThrow();
    await expect(withSystem(store.app, (manager) => manager.query('select 1 as one'))).resolves.toEqual([
      { one: 1 },
    ]);
    expect((await setting())?.customers).toBe(0);
  });
});

describe('a transaction that had to give way', () => {
  const failing = (times: number, code: string) => {
    let calls = 0;
    const work = jest.fn(async () => {
      calls += 1;
      if (calls <= times) throw Object.assign(new Error(code), { code });
      return Promise.resolve(calls);
    });
    return work;
  };
  const run = (work: () => Promise<number>, retry?: boolean) =>
    withOrganisation(store.app, organisationId, work, { retry });

  it.each(['40001', '40P01'])('runs again after %s when told to', async (code) => {
    await expect(run(failing(3, code), true)).resolves.toBe(4);
  });

  it('gives up after three more tries', async () => {
    const work = failing(9, '40001');
    await expect(run(work, true)).rejects.toThrow('40001');
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('does not run again unless told to, nor after any other error', async () => {
    const untold = failing(1, '40001');
    await expect(run(untold)).rejects.toThrow('40001');
    const different = failing(1, '23505');
    await expect(run(different, true)).rejects.toThrow('23505');
    expect([untold, different].map((work) => work.mock.calls.length)).toEqual([1, 1]);
  });

  it('survives a real deadlock', async () => {
    const two = await openTestStore(2);
    const id = await createOrganisation(two.system);
    const row = (name: string) => ({ organisationId: id, externalId: name, name, zone: 'UTC' });
    await withOrganisation(two.app, id, (manager) => manager.insert(Customer, [row('a'), row('b')]));
    let waiting = 0;
    let bothHoldOne = (): void => undefined;
    const both = new Promise<void>((resolve) => (bothHoldOne = resolve));
    const lockBoth = (first: string, second: string) =>
      withOrganisation(
        two.app,
        id,
        async (manager) => {
          const lock = 'update customer set facts_version = facts_version + 1 where external_id = $1';
          await manager.query(lock, [first]);
          if ((waiting += 1) === 2) bothHoldOne();
          await both;
          await manager.query(lock, [second]);
        },
        { retry: true },
      );
    await Promise.all([lockBoth('a', 'b'), lockBoth('b', 'a')]);
    const versions = await withOrganisation(two.app, id, (manager) => manager.find(Customer));
    expect(versions.map((each) => each.factsVersion)).toEqual([3, 3]);
    expect(waiting).toBe(3);
    await two.close();
  });
});
