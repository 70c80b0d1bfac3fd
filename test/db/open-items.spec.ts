import fc from 'fast-check';
import {
  applySnapshot,
  recordPayments,
  type Snapshot,
  type SnapshotReport,
  type SnapshotResult,
  upsertCreditors,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  creditor,
  customer,
  enrol,
  invoice,
  openWorld,
  payment,
  stateOf,
  told,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

let store: TestStore;
let world: World;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  await world.run(async (scope) => {
    await upsertCustomers(scope, [customer({ externalId: 'C-2' })]);
    await upsertInvoices(scope, [invoice({ externalId: 'INV-2', customerExternalId: 'C-2' })]);
  });
});

const HOUR = 3_600_000;

/** A list of what is open, as of so many hours before now. */
const list = (open: Record<string, string>, more: Partial<Snapshot> & { hours?: number } = {}) => {
  const { hours = 1, ...overrides } = more;
  const items = Object.entries(open).map(([externalId, each]) => ({
    externalId,
    open: each,
    currency: 'EUR',
  }));
  const snapshot = { asOf: NOW.getTime() - hours * HOUR, items, maxDrop: 20, force: false, dryRun: false };
  return applySnapshot(world.run, { ...snapshot, ...overrides });
};

const reportOf = (result: SnapshotResult): SnapshotReport => {
  if (result.kind === 'refused') throw new Error(result.message);
  return result.report;
};

const nothing = { closed: [], lowered: [], raised: [], unknown: [], disagreeing: [] };

describe('a list of open items', () => {
  it('closes what is missing in it, lowers what is paid in part, and tells the outreach; again, it changes nothing', async () => {
    const enrolmentId = await enrol(world);
    expect(reportOf(await list({ 'INV-2': '40.00' }))).toEqual({
      ...nothing,
      open: 2,
      closed: ['INV-1'],
      lowered: ['INV-2'],
      unchanged: 0,
    });
    expect(await stateOf(world)).toMatchObject({ status: 'settled' });
    expect(await stateOf(world, 'INV-2')).toMatchObject({ status: 'open', paid: 6_000 });
    expect((await told(world, enrolmentId)).facts).toBeGreaterThan(0);
    expect(reportOf(await list({ 'INV-2': '40.00' }))).toEqual({ ...nothing, open: 1, unchanged: 1 });
    expect(await world.rows('select method, amount_minor::int as minor from payment order by 2')).toEqual([
      { method: 'open_items', minor: 6_000 },
      { method: 'open_items', minor: 10_000 },
    ]);
  });

  it('opens again what an earlier list had closed, and leaves what real money paid', async () => {
    await world.run((scope) => recordPayments(scope, [payment({ amount: '30.00' })]));
    await list({}, { hours: 3 });
    expect(reportOf(await list({ 'INV-1': '70.00', 'INV-2': '10.00' }, { hours: 2 }))).toMatchObject({
      raised: ['INV-1', 'INV-2'],
    });
    expect(await stateOf(world)).toMatchObject({ status: 'open', paid: 3_000 });
    expect(await stateOf(world, 'INV-2')).toMatchObject({ status: 'open', paid: 9_000 });
    expect(reportOf(await list({ 'INV-1': '70.01', 'INV-2': '100.00' }))).toMatchObject({
      disagreeing: ['INV-1'],
      raised: ['INV-2'],
    });
    expect(await stateOf(world)).toMatchObject({ paid: 3_000 });
    expect(await stateOf(world, 'INV-2')).toMatchObject({ paid: 0 });
  });

  it('is refused with what is missing when that is more than may be, and applied when somebody insists', async () => {
    const more = Array.from({ length: 28 }, (_, index) => invoice({ externalId: `M-${index}` }));
    await world.run((scope) => upsertInvoices(scope, more));
    const all = Object.fromEntries(
      ['INV-1', 'INV-2', ...more.map((each) => each.externalId)].map((id) => [id, '100.00']),
    );
    const without = (count: number) => Object.fromEntries(Object.entries(all).slice(count));
    const alarm = await list(without(7));
    expect(alarm).toMatchObject({ kind: 'alarm', allowed: 6, report: { open: 30 } });
    expect(reportOf(alarm).closed).toHaveLength(7);
    expect(await world.rows('select id from payment')).toEqual([]);
    expect(await list(without(7), { dryRun: true, force: true })).toMatchObject({ kind: 'applied' });
    expect(await world.rows('select id from payment')).toEqual([]);
    expect(await list(without(6))).toMatchObject({ kind: 'applied' });
    expect(await list(without(20), { force: true })).toMatchObject({ kind: 'applied' });
    expect(await world.rows(`select id from invoice where status = 'open'`)).toHaveLength(10);
  });

  it('is of one creditor, not older than the last, and names what it does not know', async () => {
    expect(reportOf(await list({ 'INV-1': '100.00', 'INV-2': '100.00', 'NEW-1': '5.00' }))).toMatchObject({
      unknown: ['NEW-1'],
      unchanged: 2,
    });
    expect(await list({}, { hours: 2 })).toMatchObject({ kind: 'refused', field: 'asOf' });
    expect(await list({}, { creditor: 'nobody' })).toMatchObject({ kind: 'refused', field: 'creditor' });
    await world.run((scope) => upsertCreditors(scope, [creditor({ externalId: 'other' })]));
    expect(await list({})).toMatchObject({ kind: 'refused', field: 'creditor' });
    expect(reportOf(await list({}, { creditor: 'other' }))).toMatchObject({ open: 0, closed: [] });
    expect(await stateOf(world)).toMatchObject({ status: 'open' });
  });

  it('may be corrected as of the same moment, and again, whatever the ids of invoices look like', async () => {
    const long = 'L'.repeat(200);
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: long })]));
    for (const open of ['0.00', '100.00', '0.00', '60.00']) {
      await list({ 'INV-1': open, 'INV-2': '100.00', [long]: open });
      const paid = 10_000 - Number(open) * 100;
      expect(await stateOf(world)).toMatchObject({ paid });
      expect(await stateOf(world, long)).toMatchObject({ paid });
    }
  });

  it('leaves nothing to allocate where money is announced', async () => {
    await world.run((scope) => recordPayments(scope, [payment({ amount: '30.00', status: 'pending' })]));
    await list({});
    expect(await stateOf(world, 'INV-1')).toMatchObject({ paid: 10_000, status: 'open' });
    await world.run((scope) => recordPayments(scope, [payment({ amount: '30.00' })]));
    expect(await stateOf(world)).toMatchObject({ status: 'settled', paid: 10_000 });
    expect(await world.rows(`select id from task where kind = 'allocate'`)).toEqual([]);
  });

  it('whatever lists came before, what is owed is as the last one has it', async () => {
    const amount = fc.integer({ min: 0, max: 100 }).map((euros) => `${euros}.00`);
    const lists = fc.array(fc.record({ one: fc.option(amount), two: fc.option(amount) }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(lists, async (all) => {
        world = await anotherOrganisation(store);
        await withInvoice(world);
        await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2' })]));
        for (const [index, { one, two }] of all.entries())
          await list(
            {
              ...(one === null ? {} : { 'INV-1': one }),
              ...(two === null ? {} : { 'INV-2': two }),
            },
            { hours: all.length - index },
          );
        const last = all.at(-1);
        for (const [id, open] of [
          ['INV-1', last?.one],
          ['INV-2', last?.two],
        ] as const)
          expect((await stateOf(world, id)).paid).toBe(10_000 - Number(open ?? '0') * 100);
      }),
      { numRuns: 25 },
    );
  });
});
