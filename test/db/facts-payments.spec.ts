import {
  allocateMoney,
  recordCreditNote,
  recordPayments,
  reverseAllocation,
  reversePayment,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { loadEnrolmentOf } from '#engine/load-enrolment.js';
import {
  type World,
  anotherOrganisation,
  customer,
  enrol,
  heard,
  invoice,
  listen,
  openWorld,
  payment,
  roundTrips,
  stateOf,
  told,
  withInvoice,
} from './facts-world.js';
import { type TestStore } from './store.js';

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

const record = (...inputs: Parameters<typeof payment>[0][]) =>
  world.run((scope) =>
    recordPayments(
      scope,
      inputs.map((input) => payment(input)),
    ),
  );

describe('a payment of a day that has not come', () => {
  it.each([{ paidOn: '2027-03-02' }, { effectiveAt: '2026-03-03T09:00:01Z' }])(
    'is refused: %j',
    async (date) => {
      const [result] = await record(date);
      const [field] = Object.keys(date);
      expect(result).toMatchObject({ result: 'refused', reason: 'ahead', field });
      expect(await stateOf(world)).toMatchObject({ status: 'open', paid: 0 });
    },
  );

  it('is taken as announced, and of a bank whose day has begun already', async () => {
    const results = await record(
      { externalId: 'announced', amount: '1.00', paidOn: '2026-03-09', status: 'pending' },
      { externalId: 'elsewhere', amount: '2.00', paidOn: '2026-03-03' },
    );
    expect(results).toMatchObject([{ result: 'created' }, { result: 'created' }]);
  });
});

describe('what the planner reads of money', () => {
  const read = async () => {
    const loaded = await world.run(async ({ manager, organisationId, now }) => {
      const [row] = await manager.query<{ id: string }[]>(
        `select id from invoice where external_id = 'INV-1'`,
      );
      return loadEnrolmentOf(manager, organisationId, row?.id ?? '', now);
    });
    if (!loaded) throw new Error('The invoice is not enrolled.');
    return loaded.facts;
  };
  const promise = (at: string): Promise<unknown> =>
    world.rows(
      `insert into promise (organisation_id, customer_id, invoice_id, sequence, amount_minor, currency, promised_on, effective_at)
       select organisation_id, customer_id, id, 1, 5000, currency, '2026-03-02', $1 from invoice`,
      at,
    );

  beforeEach(async () => {
    await enrol(world);
  });

  it('keeps what is under way apart from what is paid', async () => {
    await record({ amount: '40.00' }, { externalId: 'P-2', amount: '60.00', status: 'pending' });
    expect((await read()).invoice.parts).toMatchObject([{ paid: 4_000, pending: 6_000 }]);
  });

  it('counts towards a promise what came from when it was made until its day ended in Madrid', async () => {
    await record({ amount: '1.00', paidOn: '2026-03-01' });
    await promise('2026-03-01T12:00:00Z');
    await record(
      { externalId: 'by its day', amount: '2.00', paidOn: '2026-03-01' },
      { externalId: 'last moment', amount: '4.00', effectiveAt: '2026-03-02T22:59:59Z' },
      { externalId: 'too late', amount: '8.00', effectiveAt: '2026-03-02T23:00:00Z' },
      { externalId: 'pending', amount: '16.00', effectiveAt: '2026-03-02T09:00:00Z', status: 'pending' },
    );
    expect((await read()).promises).toMatchObject([{ amount: 5_000, paid: 600 }]);
  });
});

describe('a payment that comes before its invoice', () => {
  const early = { invoiceExternalId: undefined, reference: ' 2026/0002 ', amount: '70.00' };
  const late = { externalId: 'INV-2', number: '2026/0002' };
  const load = (...inputs: Parameters<typeof invoice>[0][]) =>
    world.run((scope) =>
      upsertInvoices(
        scope,
        inputs.map((input) => invoice(input)),
      ),
    );

  it.each(['2026/0002', 'INV-2'])('pays it when it comes, by the reference %s', async (reference) => {
    const [result] = await record({ ...early, reference, amount: '130.00', paidOn: '2026-03-01' });
    expect(result).toMatchObject({ unallocated: '130.00' });
    await listen(world);
    await load(late);
    expect(await stateOf(world, 'INV-2')).toEqual({
      status: 'settled',
      settled_at: new Date('2026-02-28T23:00:00Z'),
      paid: 10_000,
    });
    expect((await heard(world)).map(({ type, of }) => [type, of])).toEqual([['invoice.settled', 'INV-2']]);
    expect(await record({ ...early, reference, amount: '130.00' })).toMatchObject([{ unallocated: '30.00' }]);
  });

  it('shares what is open among several, the oldest first, and leaves what is under way under way', async () => {
    await record(
      { ...early, externalId: 'P-2', paidOn: '2026-03-01' },
      { ...early, paidOn: '2026-02-28', status: 'pending' },
    );
    await load(late);
    expect(await stateOf(world, 'INV-2')).toMatchObject({ status: 'open', paid: 10_000 });
    await record(early);
    expect(await stateOf(world, 'INV-2')).toMatchObject({ status: 'settled', paid: 10_000 });
  });

  it('is a fact for what the customer is enrolled with', async () => {
    const enrolment = await enrol(world);
    await record(early);
    const before = await told(world, enrolment);
    const version = () =>
      world.rows<{ v: number }>(`select facts_version as v from customer where external_id = 'C-1'`);
    const [was] = await version();
    await load(late);
    const [is] = await version();
    expect(Number(is?.v)).toBeGreaterThan(Number(was?.v));
    expect((await told(world, enrolment)).facts).toBeGreaterThanOrEqual(before.facts);
  });

  it('pays nothing of another customer, in another currency, or that two invoices could mean', async () => {
    await world.run((scope) => upsertCustomers(scope, [customer({ externalId: 'C-2' })]));
    await record(early, { ...early, externalId: 'P-2', reference: '7' });
    await load(
      { ...late, customerExternalId: 'C-2' },
      { ...late, externalId: 'USD', currency: 'USD' },
      { externalId: 'A', number: '7' },
      { externalId: 'B', number: '7' },
    );
    for (const id of ['INV-2', 'USD', 'A', 'B']) expect(await stateOf(world, id)).toMatchObject({ paid: 0 });
  });

  it('finds it when it is recorded again, too', async () => {
    await record({ ...early, reference: 'remittance to follow' });
    await load(late);
    expect(await stateOf(world, 'INV-2')).toMatchObject({ paid: 0 });
    expect(await record(early)).toMatchObject([{ result: 'updated', unallocated: '0.00' }]);
    expect(await stateOf(world, 'INV-2')).toMatchObject({ status: 'open', paid: 7_000 });
    expect(await record({ ...early, reference: undefined })).toMatchObject([{ result: 'unchanged' }]);
  });

  it('does not go back by itself to an invoice that it was taken from', async () => {
    await load(late);
    await record(early);
    const [allocation] = await world.rows<{ id: string }>('select id from allocation');
    await world.run((scope) => reverseAllocation(scope, allocation?.id ?? '', 'mistake'));
    expect(await record(early)).toMatchObject([{ result: 'unchanged', unallocated: '70.00' }]);
    expect(await stateOf(world, 'INV-2')).toMatchObject({ paid: 0 });
  });
});

describe('recordPayments', () => {
  it('settles the invoice that is paid in full, from the day it was paid on where the customer is', async () => {
    const [result] = await record({ paidOn: '2026-03-01' });
    expect(result).toMatchObject({ externalId: 'P-1', result: 'created', unallocated: '0.00' });
    expect(await stateOf(world)).toEqual({
      status: 'settled',
      settled_at: new Date('2026-02-28T23:00:00Z'),
      paid: 10_000,
    });
  });

  it('leaves an invoice open that is paid in part', async () => {
    await record({ amount: '40.00' });
    expect(await stateOf(world)).toMatchObject({ status: 'open', paid: 4_000 });
  });

  it('changes nothing the second time', async () => {
    await record({ reference: 'transfer' });
    const [again] = await record({ reference: 'transfer' });
    expect(again).toMatchObject({ result: 'unchanged' });
    expect(await stateOf(world)).toMatchObject({ paid: 10_000 });
  });

  it('refuses another amount under the same id', async () => {
    await record({});
    const [again] = await record({ amount: '99.00' });
    expect(again).toMatchObject({ result: 'refused', reason: 'differs' });
  });

  it('keeps what is paid too much with the customer', async () => {
    const [result] = await record({ amount: '130.00' });
    expect(result).toMatchObject({ result: 'created', unallocated: '30.00' });
    expect(await stateOf(world)).toMatchObject({ status: 'settled', paid: 10_000 });
  });

  it('lets two payments of one call share what is open', async () => {
    const results = await record({ amount: '70.00' }, { externalId: 'P-2', amount: '70.00' });
    expect(results.map((result) => 'unallocated' in result && result.unallocated)).toEqual(['0.00', '40.00']);
    expect(await stateOf(world)).toMatchObject({ status: 'settled', paid: 10_000 });
  });

  it('finds customer and invoice by the reference on a bank statement', async () => {
    await world.run((scope) =>
      upsertInvoices(scope, [invoice({ externalId: 'INV-2', number: '2026/0002' })]),
    );
    const bare = { customerExternalId: undefined, invoiceExternalId: undefined };
    const results = await record(
      { ...bare, reference: ' 2026/0002 ' },
      { ...bare, externalId: 'P-2', reference: 'INV-1' },
      { ...bare, externalId: 'P-3', reference: 'thanks' },
    );
    expect(results.map(({ result }) => result)).toEqual(['created', 'created', 'refused']);
    expect(results[2]).toMatchObject({ reason: 'unknown_invoice', field: 'reference' });
    expect((await stateOf(world, 'INV-1')).status).toBe('settled');
    expect((await stateOf(world, 'INV-2')).status).toBe('settled');
  });

  it('asks whose payment it is when several customers have an invoice of that number', async () => {
    await world.run(async (scope) => {
      await upsertCustomers(scope, [customer({ externalId: 'C-2' })]);
      await upsertInvoices(scope, [
        invoice({ externalId: 'A', number: '7' }),
        invoice({ externalId: 'B', number: '7', customerExternalId: 'C-2' }),
      ]);
    });
    const [result] = await record({
      customerExternalId: undefined,
      invoiceExternalId: undefined,
      reference: '7',
    });
    expect(result).toMatchObject({ result: 'refused', reason: 'ambiguous_reference' });
  });

  it('refuses an unknown customer, an invoice that is not theirs, and another currency', async () => {
    await world.run((scope) => upsertCustomers(scope, [customer({ externalId: 'C-2' })]));
    const results = await record(
      { customerExternalId: 'nobody' },
      { customerExternalId: 'C-2' },
      { currency: 'USD', externalId: 'P-3' },
    );
    expect(results).toMatchObject([
      { result: 'refused', reason: 'unknown_customer' },
      { result: 'refused', reason: 'unknown_invoice' },
      { result: 'refused', reason: 'other_currency' },
    ]);
    expect(await world.rows('select id from payment')).toEqual([]);
  });

  it('reserves what a pending payment announces, and settles when it is posted', async () => {
    await record({ status: 'pending' });
    expect((await stateOf(world)).status).toBe('open');
    const [second] = await record({ externalId: 'P-2' });
    expect(second).toMatchObject({ unallocated: '100.00' });
    const [posted] = await record({ status: 'posted' });
    expect(posted).toMatchObject({ result: 'updated' });
    expect((await stateOf(world)).status).toBe('settled');
    const [late] = await record({ status: 'pending' });
    expect(late).toMatchObject({ result: 'unchanged' });
  });

  it('pays the parts of a schedule in their order', async () => {
    const parts = [
      { amount: '30.00', dueOn: '2026-03-03' },
      { amount: '70.00', dueOn: '2026-04-03' },
    ];
    await world.run((scope) => upsertInvoices(scope, [invoice({ parts })]));
    await record({ amount: '50.00' });
    const paid = await world.rows(
      'select p.sequence, a.amount_minor from allocation a join invoice_part p on p.id = a.part_id order by 1',
    );
    expect(paid).toEqual([
      { sequence: 1, amount_minor: 3_000 },
      { sequence: 2, amount_minor: 2_000 },
    ]);
  });

  it('keeps money for a cancelled invoice with the customer', async () => {
    await world.rows(`update invoice set status = 'cancelled' where external_id = 'INV-1' returning id`);
    const [result] = await record({});
    expect(result).toMatchObject({ result: 'created', unallocated: '100.00' });
  });

  it('tells the workflow of the invoice it pays, and of no other', async () => {
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2' })]));
    const [paid, other] = [await enrol(world), await enrol(world, 'INV-2')];
    await record({});
    expect(await told(world, paid)).toEqual({ facts: 1, outbox: 1 });
    expect(await told(world, other)).toEqual({ facts: 0, outbox: 0 });
    await record({ externalId: 'P-2', amount: '5.00' });
    expect(await told(world, other)).toEqual({ facts: 1, outbox: 1 });
  });

  it('raises the version of the customer under its lock', async () => {
    const version = 'select facts_version from customer';
    const [before] = await world.rows<{ facts_version: number }>(version);
    await record({});
    const [after] = await world.rows<{ facts_version: number }>(version);
    expect(after?.facts_version).toBe((before?.facts_version ?? 0) + 1);
  });

  it('lets payments of one moment wait for each other: an invoice is never paid twice', async () => {
    const both = await Promise.all([record({ externalId: 'P-1' }), record({ externalId: 'P-2' })]);
    const free = both.flat().map((result) => 'unallocated' in result && result.unallocated);
    expect(free.sort()).toEqual(['0.00', '100.00']);
    expect(await stateOf(world)).toMatchObject({ status: 'settled', paid: 10_000 });
  });

  it('costs six round trips a payment', async () => {
    await enrol(world);
    const trips = await world.run((scope) => roundTrips(scope, () => recordPayments(scope, [payment()])));
    expect(trips).toBe(6);
  });

  it('tells webhooks that an invoice was settled, for one round trip more, and nothing while it stays open', async () => {
    await enrol(world);
    await listen(world);
    const trips = (amount: string, externalId: string) =>
      world.run((scope) => roundTrips(scope, () => recordPayments(scope, [payment({ amount, externalId })])));
    expect(await trips('40.00', 'P-1')).toBe(6);
    expect(await heard(world)).toEqual([]);
    expect(await trips('60.00', 'P-2')).toBe(7);
    expect(await heard(world)).toEqual([
      { type: 'invoice.settled', of: 'INV-1', data: { status: 'settled' } },
    ]);
  });

  it('writes down who recorded it', async () => {
    await record({});
    expect(
      await world.rows('select actor, action from audit_event where subject_type = $1', 'payment'),
    ).toEqual([{ actor: 'tester', action: 'payment.recorded' }]);
  });
});

describe('reversePayment', () => {
  it('opens what it had settled, and the outreach resumes', async () => {
    const enrolment = await enrol(world);
    await record({});
    await world.rows(
      `update enrolment set state = 'ended', ended_reason = 'settled', ended_at = now() where id = $1 returning id`,
      enrolment,
    );
    const result = await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    expect(result).toMatchObject({ result: 'updated' });
    expect(await stateOf(world)).toEqual({ status: 'open', settled_at: null, paid: 0 });
    expect(await world.rows('select state from enrolment')).toEqual([{ state: 'open' }]);
    const again = await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    expect(again).toMatchObject({ result: 'unchanged' });
  });

  it('tells webhooks that the invoice is owed again', async () => {
    await listen(world);
    await record({});
    await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    expect(await heard(world)).toEqual([
      { type: 'invoice.settled', of: 'INV-1', data: { status: 'settled' } },
      { type: 'invoice.reopened', of: 'INV-1', data: { status: 'open' } },
    ]);
  });

  it('is not undone by importing the payment again', async () => {
    await record({});
    await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    const [again] = await record({});
    expect(again).toMatchObject({ result: 'unchanged' });
    expect((await stateOf(world)).status).toBe('open');
  });

  it('refuses a payment that is none, and an id that is none', async () => {
    for (const ref of [{ externalId: 'nothing' }, { id: 'no-uuid' }]) {
      const result = await world.run((scope) => reversePayment(scope, ref, 'x'));
      expect(result).toMatchObject({ result: 'refused', reason: 'unknown_payment' });
    }
  });
});

describe('allocations', () => {
  const allocationIds = async (): Promise<string[]> =>
    (
      await world.rows<{ id: string }>(
        'select a.id from allocation a join invoice_part p on p.id = a.part_id order by p.sequence',
      )
    ).map(({ id }) => id);

  it('are reversed one at a time, which opens exactly that part', async () => {
    const parts = [
      { amount: '30.00', dueOn: '2026-03-03' },
      { amount: '70.00', dueOn: '2026-04-03' },
    ];
    await world.run((scope) => upsertInvoices(scope, [invoice({ parts })]));
    await record({});
    const [first = ''] = await allocationIds();
    const result = await world.run((scope) => reverseAllocation(scope, first, 'meant for another'));
    expect(result).toMatchObject({ result: 'updated' });
    expect(await stateOf(world)).toMatchObject({ status: 'open', paid: 7_000 });
    expect(await world.run((scope) => reverseAllocation(scope, first, 'again'))).toMatchObject({
      result: 'unchanged',
    });
  });

  it('take money that no invoice got', async () => {
    await record({ invoiceExternalId: undefined });
    const allocate = (amount: string) =>
      world.run((scope) =>
        allocateMoney(
          scope,
          'payment',
          { externalId: 'P-1' },
          {
            allocations: [{ invoiceExternalId: 'INV-1', amount }],
          },
        ),
      );
    expect(await allocate('100.01')).toMatchObject({ result: 'refused', reason: 'over_allocated' });
    expect(await allocate('60.00')).toMatchObject({ result: 'updated' });
    expect(await allocate('50.00')).toMatchObject({ result: 'refused', reason: 'over_allocated' });
    expect(await allocate('40.00')).toMatchObject({ result: 'updated' });
    expect((await stateOf(world)).status).toBe('settled');
  });
});

describe('recordCreditNote', () => {
  const note = {
    externalId: 'CN-1',
    customerExternalId: 'C-1',
    amount: '100.00',
    currency: 'EUR',
    allocations: [{ invoiceExternalId: 'INV-1', amount: '100.00' }],
  };

  it('settles the invoice that it is allocated to, once', async () => {
    expect(await world.run((scope) => recordCreditNote(scope, note))).toMatchObject({ result: 'created' });
    expect((await stateOf(world)).status).toBe('settled');
    expect(await world.run((scope) => recordCreditNote(scope, note))).toMatchObject({ result: 'unchanged' });
    expect(await world.run((scope) => recordCreditNote(scope, { ...note, amount: '1.00' }))).toMatchObject({
      reason: 'differs',
    });
  });

  it('refuses more than the invoice owes, and writes nothing', async () => {
    await record({ amount: '0.01' });
    expect(await world.run((scope) => recordCreditNote(scope, note))).toMatchObject({
      result: 'refused',
      reason: 'over_allocated',
    });
    expect(await world.rows('select id from credit_note')).toEqual([]);
  });
});
