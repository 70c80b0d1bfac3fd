import { handOverPack, type HandOverPack } from '#contracts/schemas/index.js';
import {
  completeTask,
  liftSuppressionOf,
  placeHold,
  recordCall,
  recordConsent,
  recordCreditNote,
  recordPayments,
  reversePayment,
  suppress,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { readPack } from '#engine/hand-over/index.js';
import {
  type World,
  anotherOrganisation,
  customer,
  enrol,
  invoice,
  openWorld,
  payment,
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
  await world.run(async (scope) => {
    await upsertCustomers(scope, [
      customer({ email: 'ann@example.test', phone: '+447700900001', country: 'ES' }),
      customer({ externalId: 'C-2', email: 'other@example.test' }),
    ]);
    await upsertInvoices(scope, [
      invoice({ number: '2026/17', net: '80.00', tax: '20.00', dueOn: '2026-02-20' }),
      invoice({ externalId: 'INV-2' }),
      invoice({ externalId: 'INV-3', customerExternalId: 'C-2' }),
    ]);
  });
});

const idOf = async (externalId = 'INV-1'): Promise<string> =>
  (await world.rows<{ id: string }>('select id from invoice where external_id = $1', externalId))[0]?.id ??
  '';

const pack = async (): Promise<HandOverPack> => {
  const id = await idOf();
  const read = await world.run((scope) => readPack(scope, id));
  return handOverPack.parse(read);
};

describe('a hand-over pack', () => {
  it('says who owes what to whom, as of one moment', async () => {
    await world.run(async (scope) => {
      await recordPayments(scope, [
        payment({
          externalId: 'P-1',
          amount: '30.00',
          paidOn: '2026-02-25',
          method: 'bank',
          reference: 'RF18',
        }),
        payment({ externalId: 'P-2', amount: '10.00', status: 'pending' }),
        payment({ externalId: 'P-3', invoiceExternalId: 'INV-2', amount: '5.00' }),
      ]);
      await recordPayments(scope, [payment({ externalId: 'P-4', amount: '7.00', paidOn: '2026-02-26' })]);
      await reversePayment(scope, { externalId: 'P-4' }, 'charged back');
      await recordCreditNote(scope, {
        externalId: 'N-1',
        customerExternalId: 'C-1',
        amount: '20.00',
        currency: 'EUR',
        allocations: [{ invoiceExternalId: 'INV-1', amount: '20.00' }],
      });
    });
    const { asOf, organisation, customer: owes, invoice: owed, money } = await pack();
    expect({ asOf, organisation }).toMatchObject({ asOf: '2026-03-02T09:00:00Z' });
    expect(owes).toMatchObject({
      externalId: 'C-1',
      people: [
        {
          addresses: [
            { kind: 'email', value: 'ann@example.test', status: 'active' },
            { kind: 'phone', value: '+447700900001' },
          ],
        },
      ],
    });
    expect(owed).toMatchObject({
      number: '2026/17',
      daysOverdue: 10,
      net: '80.00',
      tax: '20.00',
      total: '100.00',
      paid: '50.00',
      pending: '10.00',
      open: '50.00',
      disputed: '0.00',
      parts: [{ amount: '100.00', paid: '50.00', pending: '10.00', open: '50.00' }],
      document: null,
    });
    const brief = money.map((each) => [each.externalId, each.kind, each.amount, each.state]);
    expect(brief.sort()).toEqual([
      ['N-1', 'credit_note', '20.00', 'applied'],
      ['P-1', 'payment', '30.00', 'applied'],
      ['P-2', 'payment', '10.00', 'announced'],
      ['P-4', 'payment', '7.00', 'taken_back'],
    ]);
    expect(money.find(({ externalId }) => externalId === 'P-4')).toMatchObject({
      takenBackBecause: 'charged back',
      localTime: '2026-02-26 00:00',
    });
  });

  it('tells calls, promises, disputes, consents and refusals with their evidence, and everything in one order', async () => {
    await enrol(world);
    const evidence = { who: 'Ann', how: 'by telephone', text: 'agreed' };
    await world.run(async (scope) => {
      await recordCall(scope, {
        customerExternalId: 'C-1',
        invoiceExternalId: 'INV-1',
        at: '2026-03-01T10:00:00Z',
        outcome: { outcome: 'promise', amount: '100.00', promisedOn: '2026-03-10', note: 'sounded sure' },
      });
      await placeHold(scope, {
        kind: 'dispute',
        invoiceExternalId: 'INV-1',
        amount: '40.00',
        reason: 'two of ten were broken',
        evidence,
      });
      await recordConsent(scope, {
        customerExternalId: 'C-1',
        medium: 'email',
        state: 'granted',
        evidence,
      });
      await suppress(scope, { kind: 'email', value: 'ann@example.test', reason: 'complaint' });
      await liftSuppressionOf(scope, { kind: 'email', value: 'ann@example.test' });
    });
    const read = await pack();
    expect(read).toMatchObject({
      promises: [{ amount: '100.00', promisedOn: '2026-03-10', came: '0.00', state: 'standing' }],
      consents: [{ medium: 'email', state: 'granted', evidence }],
      suppressions: [{ address: 'ann@example.test' }],
      invoice: { disputed: '40.00' },
    });
    expect(read.holds.find(({ kind }) => kind === 'dispute')).toMatchObject({
      amount: '40.00',
      reason: 'two of ten were broken',
      evidence,
      ofWholeCustomer: false,
    });
    expect(read.tasks[0]).toMatchObject({ kind: 'call', outcome: 'promise' });
    const times = read.history.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(read.history.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining(['The customer promised 100.00 EUR by 2026-03-10.']),
    );
    await world.rows(`update organisation set clock_now = '2026-03-11T09:00:00Z'`);
    expect((await pack()).promises[0]).toMatchObject({ state: 'broken' });
  });

  it('has nothing of another customer, and there is none of another organisation', async () => {
    const text = JSON.stringify(await pack());
    expect(text).not.toContain('C-2');
    expect(text).not.toContain('other@example.test');
    const id = await idOf();
    const other = await anotherOrganisation(store);
    expect(await other.run((scope) => readPack(scope, id))).toBeNull();
    expect(completeTask).toBeDefined();
  });
});
