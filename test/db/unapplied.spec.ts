import fc from 'fast-check';
import type { EnrolmentFacts } from '#domain/facts.js';
import {
  allocateMoney,
  cancelInvoice,
  completeTask,
  forgetSource,
  keepAsCredit,
  recordCreditNote,
  recordPayments,
  recordSourceSync,
  reverseAllocation,
  reversePayment,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { loadEnrolments } from '#engine/load-enrolment.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  enrol,
  heard,
  invoice,
  listen,
  openWorld,
  payment,
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
});

const factsOf = async (enrolmentId: string): Promise<EnrolmentFacts> => {
  const [loaded] = await world.run(({ manager, organisationId, now }) =>
    loadEnrolments(manager, organisationId, [enrolmentId], now),
  );
  if (!loaded) throw new Error('There is no such enrolment.');
  return loaded.facts;
};

const isHeld = async (enrolmentId: string): Promise<boolean> => (await factsOf(enrolmentId)).unapplied;

/** Money that names no invoice. */
const lumpSum = (amount: string, more: object = {}) =>
  world.run((scope) =>
    recordPayments(scope, [payment({ invoiceExternalId: undefined, amount, paidOn: '2026-03-01', ...more })]),
  );

interface AllocateTask {
  id: string;
  state: string;
  brief: { unallocated: object[] };
}

const tasks = (): Promise<AllocateTask[]> =>
  world.rows(`select id, state, brief from task where kind = 'allocate' order by recorded_at, id`);

const P1 = { externalId: 'P-1' };

describe('money that no invoice got', () => {
  it('holds what is owed in its currency, and one task asks what it is for', async () => {
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'USD', currency: 'USD' })]));
    const [euros, dollars] = [await enrol(world), await enrol(world, 'USD')];
    await listen(world);
    await lumpSum('60.00');
    expect([await isHeld(euros), await isHeld(dollars)]).toEqual([true, false]);
    expect(await told(world, euros)).toMatchObject({ facts: 1, outbox: 1 });
    await lumpSum('5.00', { externalId: 'P-2', status: 'pending' });
    expect(await tasks()).toMatchObject([
      {
        state: 'open',
        brief: {
          unallocated: [
            { kind: 'payment', externalId: 'P-1', amount: '60.00', currency: 'EUR' },
            { kind: 'payment', externalId: 'P-2', amount: '5.00', currency: 'EUR' },
          ],
        },
      },
    ]);
    expect((await heard(world)).map(({ type, of }) => `${type} ${of}`)).toEqual(['task.created C-1']);
  });

  it('goes on when it is allocated; taking one of two allocations back opens exactly that and holds again', async () => {
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2', total: '50.00' })]));
    const enrolmentId = await enrol(world);
    await lumpSum('60.00');
    const allocate = (invoiceExternalId: string, amount: string) =>
      world.run((scope) =>
        allocateMoney(scope, 'payment', P1, { allocations: [{ invoiceExternalId, amount }] }),
      );
    await allocate('INV-1', '20.00');
    expect(await isHeld(enrolmentId)).toBe(true);
    await allocate('INV-2', '40.00');
    expect(await isHeld(enrolmentId)).toBe(false);
    expect(await tasks()).toMatchObject([{ state: 'done' }]);
    const [row] = await world.rows<{ id: string }>(
      `select a.id from allocation a join invoice i on i.id = a.invoice_id where i.external_id = 'INV-2'`,
    );
    await world.run((scope) => reverseAllocation(scope, row?.id ?? '', 'not meant for it'));
    expect(await isHeld(enrolmentId)).toBe(true);
    expect((await factsOf(enrolmentId)).invoice.parts).toMatchObject([{ paid: 2_000 }]);
    expect((await tasks()).map(({ state }) => state)).toEqual(['done', 'open']);
  });

  it('pays what is oldest first as far as it goes; what is left over when nothing is open is credit', async () => {
    await world.run((scope) =>
      upsertInvoices(scope, [
        invoice({ externalId: 'INV-0', total: '30.00', dueOn: '2026-02-15' }),
        invoice({ externalId: 'INV-2', total: '50.00', dueOn: '2026-04-01' }),
      ]),
    );
    const enrolmentId = await enrol(world, 'INV-2');
    const spread = () => world.run((scope) => allocateMoney(scope, 'payment', P1, { oldestFirst: true }));
    await lumpSum('140.00');
    expect(await spread()).toMatchObject({ result: 'updated' });
    const owed = await world.rows<{ owed: string }>(
      `select i.external_id || ' ' || i.status || ' ' || sum(a.amount_minor) as owed
       from invoice i join allocation a on a.invoice_id = i.id group by i.external_id, i.status, i.due_on order by i.due_on`,
    );
    expect(owed.map((row) => row.owed)).toEqual([
      'INV-0 settled 3000',
      'INV-1 settled 10000',
      'INV-2 open 1000',
    ]);
    expect(await spread()).toMatchObject({ result: 'refused', reason: 'over_allocated' });
    await lumpSum('70.00', { externalId: 'P-2' });
    await world.run((scope) => allocateMoney(scope, 'payment', { externalId: 'P-2' }, { oldestFirst: true }));
    expect((await tasks()).map(({ state }) => state)).toEqual(['done', 'done']);
    expect((await factsOf(enrolmentId)).invoice.status).toBe('settled');
    expect(
      await world.run((scope) =>
        allocateMoney(scope, 'payment', { externalId: 'P-2' }, { oldestFirst: true }),
      ),
    ).toMatchObject({ reason: 'invoice_not_open', field: 'oldestFirst' });
  });

  it('is asked about again when another invoice comes: nobody is asked for what they have with us', async () => {
    await lumpSum('100.00', { invoiceExternalId: 'INV-1', amount: '130.00' });
    expect(await tasks()).toEqual([]);
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2' })]));
    expect(await tasks()).toMatchObject([{ state: 'open', brief: { unallocated: [{ amount: '30.00' }] } }]);
    expect(await isHeld(await enrol(world, 'INV-2'))).toBe(true);
  });

  it('holds nothing when it is kept as credit, until that is taken back', async () => {
    const enrolmentId = await enrol(world);
    await lumpSum('60.00');
    const keep = (kept: boolean) => world.run((scope) => keepAsCredit(scope, 'payment', P1, kept, 'asked'));
    expect(await keep(true)).toMatchObject({ result: 'updated' });
    expect(await keep(true)).toMatchObject({ result: 'unchanged' });
    expect(await isHeld(enrolmentId)).toBe(false);
    expect((await tasks()).map(({ state }) => state)).toEqual(['done']);
    expect(await keep(false)).toMatchObject({ result: 'updated' });
    expect(await isHeld(enrolmentId)).toBe(true);
    await world.run((scope) => allocateMoney(scope, 'payment', P1, { oldestFirst: true }));
    expect(await keep(true)).toMatchObject({ reason: 'wrong_state' });
    expect(
      await world.run((scope) => keepAsCredit(scope, 'payment', { externalId: 'P-9' }, true)),
    ).toMatchObject({ reason: 'unknown_payment' });
  });

  it('that was kept as credit holds again when more of it becomes free: that was not said of', async () => {
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2' })]));
    const enrolmentId = await enrol(world, 'INV-2');
    await lumpSum('130.00', { invoiceExternalId: 'INV-1', amount: '130.00' });
    await world.run((scope) => keepAsCredit(scope, 'payment', P1, true));
    expect(await isHeld(enrolmentId)).toBe(false);
    const [row] = await world.rows<{ id: string }>('select id from allocation');
    await world.run((scope) => reverseAllocation(scope, row?.id ?? '', 'meant for another'));
    expect(await isHeld(enrolmentId)).toBe(true);
  });

  it('of a credit note is the same', async () => {
    const enrolmentId = await enrol(world);
    const note = { externalId: 'CN-1', customerExternalId: 'C-1', amount: '40.00', currency: 'EUR' };
    await world.run((scope) => recordCreditNote(scope, note));
    expect(await isHeld(enrolmentId)).toBe(true);
    await world.run((scope) =>
      allocateMoney(scope, 'credit_note', { externalId: 'CN-1' }, { oldestFirst: true }),
    );
    expect(await isHeld(enrolmentId)).toBe(false);
    expect((await factsOf(enrolmentId)).invoice.parts).toMatchObject([{ paid: 4_000 }]);
  });

  it('ends to hold when it is charged back, and begins to when its invoice is cancelled', async () => {
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2' })]));
    const enrolmentId = await enrol(world, 'INV-2');
    await lumpSum('60.00');
    await world.run((scope) => reversePayment(scope, P1, 'charged back'));
    expect(await isHeld(enrolmentId)).toBe(false);
    expect(await tasks()).toMatchObject([{ state: 'done' }]);
    await lumpSum('60.00', { externalId: 'P-2', invoiceExternalId: 'INV-1' });
    expect(await isHeld(enrolmentId)).toBe(false);
    await world.run((scope) => cancelInvoice(scope, { externalId: 'INV-1' }));
    expect(await isHeld(enrolmentId)).toBe(true);
  });

  it('has a task that nobody closes by hand: the money would wait all the same', async () => {
    await lumpSum('60.00');
    const [task] = await tasks();
    const done = await world.run((scope) => completeTask(scope, task?.id ?? '', { outcome: 'answered' }));
    expect(done).toMatchObject({
      reason: 'wrong_state',
      message: 'closes by itself; allocate the money, take it back, or keep it as credit',
    });
  });

  it('is known as such whatever is done with it, in whatever order', async () => {
    const amounts = fc.integer({ min: 1, max: 150 }).map((euros) => `${euros}.00`);
    const which = fc.constantFrom('P-1', 'P-2');
    const deed = fc.oneof(
      fc.record({ kind: fc.constant('pay'), which, amount: amounts, named: fc.boolean() }),
      fc.record({ kind: fc.constant('spread'), which }),
      fc.record({ kind: fc.constant('keep'), which, keep: fc.boolean() }),
      fc.record({ kind: fc.constant('reverse'), which }),
      fc.record({ kind: fc.constant('invoice'), total: amounts }),
      fc.record({ kind: fc.constant('cancel') }),
    );
    type Deed = {
      kind: string;
      which?: string;
      amount?: string;
      named?: boolean;
      keep?: boolean;
      total?: string;
    };
    const act = (one: Deed): Promise<unknown> =>
      world.run(async (scope) => {
        const ref = { externalId: one.which ?? '' };
        if (one.kind === 'pay') {
          const { amount = '1.00', named } = one;
          const invoiceExternalId = named ? 'INV-1' : undefined;
          return recordPayments(scope, [payment({ ...ref, amount, invoiceExternalId })]);
        }
        if (one.kind === 'spread') return allocateMoney(scope, 'payment', ref, { oldestFirst: true });
        if (one.kind === 'keep') return keepAsCredit(scope, 'payment', ref, one.keep ?? true);
        if (one.kind === 'reverse') return reversePayment(scope, ref, 'back');
        if (one.kind === 'cancel') return cancelInvoice(scope, { externalId: 'INV-1' });
        return upsertInvoices(scope, [invoice({ externalId: `N-${one.total}`, total: one.total ?? '1.00' })]);
      });
    await fc.assert(
      fc.asyncProperty(fc.array(deed as fc.Arbitrary<Deed>, { maxLength: 8 }), async (deeds) => {
        world = await anotherOrganisation(store);
        await world.run((scope) => upsertCustomers(scope, [customer()]));
        await world.run((scope) => upsertInvoices(scope, [invoice()]));
        for (const one of deeds) await act(one);
        const [row] = await world.rows<{ stored: string[]; derived: string[]; owes: boolean; asked: number }>(
          `select c.unapplied as stored, array(select distinct y.currency::text from payment y
               where y.customer_id = c.id and y.status <> 'reversed' and y.kept_at is null
                 and y.amount_minor > coalesce((select sum(a.amount_minor) from allocation a
                   where a.payment_id = y.id and a.reversed_at is null), 0)) as derived,
             exists (select from invoice i where i.customer_id = c.id and i.status = 'open') as owes,
             (select count(*)::int from task k where k.kind = 'allocate' and k.state = 'open') as asked
           from customer c`,
        );
        expect(row?.stored).toEqual(row?.derived);
        expect(row?.asked).toBe(row?.owes && row.derived.length > 0 ? 1 : 0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('stale books', () => {
  const lag = (booksMayLag: string | null) =>
    world.run(({ manager, organisationId }) =>
      manager.query(`update organisation set settings = $2 where id = $1`, [
        organisationId,
        JSON.stringify(booksMayLag === null ? {} : { booksMayLag }),
      ]),
    );
  const synced = (source: string, hoursAgo: number) =>
    world.run((scope) =>
      recordSourceSync(scope, source, {
        completeThrough: new Date(NOW.getTime() - hoursAgo * 3_600_000).toISOString(),
      }),
    );

  it('hold everything back where an organisation looks, by the source that lags most', async () => {
    const enrolmentId = await enrol(world);
    const isStale = async (): Promise<boolean> => (await factsOf(enrolmentId)).stale;
    expect(await isStale()).toBe(false);
    await lag('P2D');
    expect(await isStale()).toBe(true);
    await synced('bank', 48);
    expect(await isStale()).toBe(false);
    await synced('shop', 49);
    expect(await isStale()).toBe(true);
    await synced('shop', 1);
    expect(await isStale()).toBe(false);
    await synced('bank', 100);
    expect(await isStale()).toBe(true);
    await world.run((scope) => forgetSource(scope, 'bank'));
    expect(await isStale()).toBe(false);
    await synced('bank', 100);
    await lag(null);
    expect(await isStale()).toBe(false);
  });
});
