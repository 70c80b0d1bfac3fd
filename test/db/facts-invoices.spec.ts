import {
  cancelInvoice,
  recordInvoiceEvent,
  recordPayments,
  reinstateInvoice,
  reversePayment,
  upsertCustomers,
  upsertInvoices,
  writeOffInvoice,
} from '#engine/facts/index.js';
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

const upsert = (...inputs: Parameters<typeof invoice>[0][]) =>
  world.run((scope) =>
    upsertInvoices(
      scope,
      inputs.map((input) => invoice(input)),
    ),
  );

const pay = (amount: string) => world.run((scope) => recordPayments(scope, [payment({ amount })]));

const parts = (externalId = 'INV-1') =>
  world.rows<{
    id: string;
    sequence: number;
    amount_minor: number;
    due_on: string | null;
    milestone: string | null;
  }>(
    `select p.id, p.sequence, p.amount_minor, p.due_on, p.milestone from invoice_part p
     join invoice i on i.id = p.invoice_id where i.external_id = $1 order by p.sequence`,
    externalId,
  );

const SCHEDULE = [
  { amount: '30.00', dueOn: '2026-03-03' },
  { amount: '70.00', dueOn: '2026-04-03' },
];

describe('upsertInvoices', () => {
  it('creates an invoice of one part, true from the start of its issue date where the customer is', async () => {
    expect(await parts()).toMatchObject([{ sequence: 1, amount_minor: 10_000, due_on: '2026-03-03' }]);
    expect(
      await world.rows('select number, kind, net_minor, tax_minor, status, effective_at from invoice'),
    ).toEqual([
      {
        number: 'INV-1',
        kind: 'invoice',
        net_minor: 10_000,
        tax_minor: 0,
        status: 'open',
        effective_at: new Date('2026-01-31T23:00:00Z'),
      },
    ]);
  });

  it('changes nothing and tells nobody the second time', async () => {
    const enrolment = await enrol(world);
    expect(await upsert({})).toMatchObject([{ result: 'unchanged' }]);
    expect(await told(world, enrolment)).toEqual({ facts: 0, outbox: 0 });
  });

  it('moves the due date of invoice and part, and tells the workflow', async () => {
    const enrolment = await enrol(world);
    const [before] = await parts();
    expect(await upsert({ dueOn: '2026-03-20' })).toMatchObject([{ result: 'updated' }]);
    expect(await parts()).toMatchObject([{ id: before?.id, due_on: '2026-03-20' }]);
    expect(await told(world, enrolment)).toEqual({ facts: 1, outbox: 1 });
    expect(await world.rows(`select detail from audit_event where action = 'invoice.updated'`)).toEqual([
      { detail: { fields: ['dueOn', 'parts'] } },
    ]);
  });

  it('keeps net and tax in step with the total', async () => {
    await upsert({ net: '84.03', tax: '15.97' });
    await upsert({ total: '90.00' });
    expect(await world.rows('select net_minor, tax_minor, total_minor from invoice')).toEqual([
      { net_minor: 7_403, tax_minor: 1_597, total_minor: 9_000 },
    ]);
  });

  it('opens a settled invoice that becomes larger and settles one that becomes as small as what was paid', async () => {
    await pay('100.00');
    await upsert({ total: '120.00' });
    expect((await stateOf(world)).status).toBe('open');
    await upsert({ total: '100.00' });
    expect((await stateOf(world)).status).toBe('settled');
  });

  it('refuses an amount below what is allocated, and writes nothing of it', async () => {
    await pay('60.00');
    expect(await upsert({ total: '59.99', dueOn: '2026-05-01' })).toMatchObject([
      { result: 'refused', reason: 'below_allocated', field: 'total' },
    ]);
    expect(await parts()).toMatchObject([{ amount_minor: 10_000, due_on: '2026-03-03' }]);
  });

  it('replaces a schedule part by part and keeps a part that money was once allocated to', async () => {
    await upsert({ parts: SCHEDULE });
    expect(await parts()).toMatchObject([{ amount_minor: 3_000 }, { amount_minor: 7_000 }]);
    await pay('100.00');
    await world.run((scope) => reversePayment(scope, { externalId: 'P-1' }, 'charged back'));
    const one = [{ amount: '100.00', dueOn: '2026-03-03' }];
    expect(await upsert({ parts: one })).toMatchObject([{ result: 'refused', reason: 'part_in_use' }]);
    const three = [
      ...SCHEDULE.slice(0, 1),
      { amount: '50.00', milestone: 'delivery' },
      { amount: '20.00', dueOn: '2026-05-03' },
    ];
    expect(await upsert({ parts: three })).toMatchObject([{ result: 'updated' }]);
    expect(await parts()).toMatchObject([
      { amount_minor: 3_000 },
      { amount_minor: 5_000, milestone: 'delivery', due_on: null },
      { amount_minor: 2_000 },
    ]);
  });

  it('removes parts that no money was ever allocated to', async () => {
    await upsert({ parts: SCHEDULE });
    await upsert({ parts: [{ amount: '100.00', dueOn: '2026-03-03' }] });
    expect(await parts()).toHaveLength(1);
  });

  it('keeps a schedule that an input without parts does not contradict', async () => {
    await upsert({ parts: SCHEDULE });
    expect(await upsert({})).toMatchObject([{ result: 'unchanged' }]);
    expect(await upsert({ total: '110.00' })).toMatchObject([{ result: 'refused', reason: 'parts_differ' }]);
  });

  it('refuses an unknown customer, another customer, and another currency once money was allocated', async () => {
    await world.run((scope) => upsertCustomers(scope, [customer({ externalId: 'C-2' })]));
    await pay('1.00');
    const results = await upsert(
      { externalId: 'X', customerExternalId: 'nobody' },
      { customerExternalId: 'C-2' },
      { currency: 'USD' },
    );
    expect(results).toMatchObject([
      { reason: 'unknown_customer', field: 'customerExternalId' },
      { reason: 'other_customer' },
      { reason: 'other_currency' },
    ]);
  });

  it('costs a batch no more round trips than one', async () => {
    const many = Array.from({ length: 300 }, (_, index) => invoice({ externalId: `N-${index}` }));
    const trips = await world.run((scope) => roundTrips(scope, () => upsertInvoices(scope, many)));
    expect(trips).toBeLessThanOrEqual(4);
    const moved = many.map((each) => ({ ...each, dueOn: '2026-04-04' }));
    const again = await world.run((scope) => roundTrips(scope, () => upsertInvoices(scope, moved)));
    expect(again).toBeLessThanOrEqual(6);
  });

  it('lets two transactions create the same invoice at the same moment', async () => {
    const inputs = Array.from({ length: 30 }, (_, index) => invoice({ externalId: `N-${index}` }));
    const [one, two] = await Promise.all([
      world.run((scope) => upsertInvoices(scope, inputs)),
      world.run((scope) => upsertInvoices(scope, inputs)),
    ]);
    const results = inputs.map((_, index) => [one[index]?.result, two[index]?.result].sort());
    expect(results).toEqual(inputs.map(() => ['created', 'unchanged']));
  });
});

describe('the status of an invoice', () => {
  it('is cancelled with its allocations, whose money is the customer’s again', async () => {
    await pay('40.00');
    const enrolment = await enrol(world);
    expect(
      await world.run((scope) => cancelInvoice(scope, { externalId: 'INV-1' }, { reason: 'wrong' })),
    ).toMatchObject({
      result: 'updated',
    });
    expect(await stateOf(world)).toMatchObject({ status: 'cancelled', paid: 0 });
    expect(await told(world, enrolment)).toEqual({ facts: 1, outbox: 1 });
    expect(await world.run((scope) => cancelInvoice(scope, { externalId: 'INV-1' }))).toMatchObject({
      result: 'refused',
      reason: 'wrong_state',
    });
    expect(await upsert({ dueOn: '2026-05-05' })).toMatchObject([{ reason: 'invoice_not_open' }]);
  });

  it('is written off and reinstated', async () => {
    expect(await world.run((scope) => writeOffInvoice(scope, { externalId: 'INV-1' }))).toMatchObject({
      result: 'updated',
    });
    expect((await stateOf(world)).status).toBe('written_off');
    expect(await world.run((scope) => reinstateInvoice(scope, { externalId: 'INV-1' }))).toMatchObject({
      result: 'updated',
    });
    expect((await stateOf(world)).status).toBe('open');
    expect(await world.run((scope) => writeOffInvoice(scope, { externalId: 'nothing' }))).toMatchObject({
      reason: 'unknown_invoice',
    });
  });
});

describe('webhooks', () => {
  const settled = { type: 'invoice.settled', of: 'INV-1', data: { status: 'settled' } };
  const reopened = { type: 'invoice.reopened', of: 'INV-1', data: { status: 'open' } };

  it('hear of an invoice that a lower total settles and a higher one opens again', async () => {
    await pay('60.00');
    await listen(world);
    await upsert({ total: '60.00' });
    await upsert({ total: '60.00', dueOn: '2026-05-05' });
    await upsert({ total: '70.00', dueOn: '2026-05-05' });
    expect(await heard(world)).toEqual([settled, reopened]);
  });

  it('hear that an invoice which was given up is owed again', async () => {
    await listen(world);
    await world.run((scope) => writeOffInvoice(scope, { externalId: 'INV-1' }));
    await world.run((scope) => reinstateInvoice(scope, { externalId: 'INV-1' }));
    expect(await heard(world)).toEqual([reopened]);
  });
});

describe('recordInvoiceEvent', () => {
  const event = (overrides: object) =>
    world.run((scope) =>
      recordInvoiceEvent(scope, { invoiceExternalId: 'INV-1', kind: 'payment_failed', ...overrides }),
    );

  it('counts events of a kind on, unless it is told which one it is', async () => {
    expect(await event({})).toMatchObject({ result: 'created' });
    expect(await event({})).toMatchObject({ result: 'created' });
    expect(await event({ sequence: 2 })).toMatchObject({ result: 'unchanged' });
    expect(await world.rows('select sequence from invoice_event order by 1')).toEqual([
      { sequence: 1 },
      { sequence: 2 },
    ]);
  });

  it('completes the part of a milestone, and refuses a part without one', async () => {
    const enrolment = await enrol(world);
    await upsert({
      parts: [
        { amount: '30.00', dueOn: '2026-03-03' },
        { amount: '70.00', milestone: 'delivery' },
      ],
    });
    const milestone = { kind: 'milestone_completed', effectiveAt: '2026-02-20T10:00:00Z' };
    expect(await event({ ...milestone, sequence: 1 })).toMatchObject({ reason: 'unknown_part' });
    expect(await event({ ...milestone, sequence: 2 })).toMatchObject({ result: 'created' });
    expect(await world.rows('select completed_at from invoice_part order by sequence')).toEqual([
      { completed_at: null },
      { completed_at: new Date('2026-02-20T10:00:00Z') },
    ]);
    expect((await told(world, enrolment)).facts).toBe(2);
  });
});
