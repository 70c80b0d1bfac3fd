import {
  cancelInvoice,
  liftSuppression,
  liftSuppressionOf,
  placeHold,
  releaseHold,
  suppress,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { askedBalance } from '#domain/facts.js';
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

const idOf = (result: object): string => ('id' in result ? String(result.id) : '');

describe('a hold', () => {
  const place = (input: Partial<Parameters<typeof placeHold>[1]>) =>
    world.run((scope) => placeHold(scope, { kind: 'manual', ...input }));

  it('on an invoice concerns that invoice; on a customer, all', async () => {
    await world.run((scope) => upsertInvoices(scope, [invoice({ externalId: 'INV-2' })]));
    const [held, other] = [await enrol(world), await enrol(world, 'INV-2')];
    expect(await place({ invoiceExternalId: 'INV-1' })).toMatchObject({
      result: 'created',
      externalId: 'INV-1',
    });
    expect((await told(world, held)).facts).toBe(1);
    expect((await told(world, other)).facts).toBe(0);
    expect(await place({ customerExternalId: 'C-1' })).toMatchObject({
      result: 'created',
      externalId: 'C-1',
    });
    expect((await told(world, other)).facts).toBe(1);
  });

  it('is released once, and one that expired is over', async () => {
    const id = idOf(await place({ invoiceExternalId: 'INV-1' }));
    expect(await world.run((scope) => releaseHold(scope, id, { reason: 'sorted out' }))).toMatchObject({
      result: 'updated',
    });
    expect(await world.run((scope) => releaseHold(scope, id))).toMatchObject({ result: 'unchanged' });
    const actions = await world.rows<{ action: string; actor: string }>(
      'select actor, action from audit_event order by id',
    );
    expect(actions).toEqual([
      { actor: 'tester', action: 'hold.placed' },
      { actor: 'tester', action: 'hold.released' },
    ]);
  });

  it('is told to webhooks, of the invoice or of the customer that it holds, once', async () => {
    await listen(world);
    const invoiceHold = idOf(await place({ invoiceExternalId: 'INV-1' }));
    const customerHold = idOf(await place({ customerExternalId: 'C-1', kind: 'hardship' }));
    for (const id of [invoiceHold, customerHold, customerHold])
      await world.run((scope) => releaseHold(scope, id));
    const [manual, hardship] = [
      { of: 'INV-1', data: { holdId: invoiceHold, kind: 'manual' } },
      { of: 'C-1', data: { holdId: customerHold, kind: 'hardship' } },
    ];
    expect(await heard(world)).toEqual([
      { type: 'hold.placed', ...manual },
      { type: 'hold.placed', ...hardship },
      { type: 'hold.released', ...manual },
      { type: 'hold.released', ...hardship },
    ]);
  });

  it('refuses an end that has passed, and what it does not know', async () => {
    await world.run((scope) => upsertCustomers(scope, [customer({ externalId: 'C-2' })]));
    expect(await place({ customerExternalId: 'C-1', expiresAt: '2026-03-02T09:00:00Z' })).toMatchObject({
      reason: 'in_the_past',
    });
    expect(await place({ customerExternalId: 'nobody' })).toMatchObject({ reason: 'unknown_customer' });
    expect(await place({ invoiceExternalId: 'nothing' })).toMatchObject({ reason: 'unknown_invoice' });
    expect(await place({ customerExternalId: 'C-2', invoiceExternalId: 'INV-1' })).toMatchObject({
      reason: 'other_customer',
    });
    expect(await world.run((scope) => releaseHold(scope, 'no-uuid'))).toMatchObject({
      reason: 'unknown_hold',
    });
  });

  it('of a kind whose length a law names ends by itself, unless somebody knows better', async () => {
    const of = {
      customerExternalId: 'C-1',
      kind: 'breathing_space',
      evidence: { document: 'IS-1' },
    } as const;
    await place(of);
    await place({ ...of, expiresAt: null });
    const ends = await world.rows<{ ends: string | null }>(
      `select to_char(expires_at at time zone 'Europe/Madrid', 'YYYY-MM-DD HH24:MI') as ends from hold order by id`,
    );
    expect(ends.map((row) => row.ends)).toEqual(['2026-05-01 00:00', null]);
  });

  it('about a part of an invoice leaves the rest to ask for, and is refused above what is owed', async () => {
    const enrolmentId = await enrol(world);
    const dispute = { invoiceExternalId: 'INV-1', kind: 'dispute' } as const;
    expect(await place({ ...dispute, amount: '100.01' })).toMatchObject({
      reason: 'more_than_owed',
      message: 'is more than is owed and not disputed yet (100.00); write the part of that',
    });
    expect(await place({ ...dispute, amount: '1.001' })).toMatchObject({ reason: 'invalid_value' });
    const first = idOf(await place({ ...dispute, amount: '30.00' }));
    expect(await place({ ...dispute, amount: '70.01' })).toMatchObject({ reason: 'more_than_owed' });
    await world.run((scope) => releaseHold(scope, first));
    const whole = idOf(await place({ ...dispute, amount: '70.01' }));
    await world.run((scope) => releaseHold(scope, whole));
    await place({ ...dispute, amount: '30.00' });
    const [loaded] = await world.run(({ manager, organisationId, now }) =>
      loadEnrolments(manager, organisationId, [enrolmentId], now),
    );
    expect(loaded && askedBalance(loaded.facts)).toBe(7_000);
  });

  it('tells the planner where the ladder goes on, once it has ended, and refuses a step that is none', async () => {
    const enrolmentId = await enrol(world);
    const resumptions = async () => {
      const [loaded] = await world.run(({ manager, organisationId, now }) =>
        loadEnrolments(manager, organisationId, [enrolmentId], now),
      );
      return loaded?.facts.resumptions;
    };
    const effectiveAt = '2026-03-01T09:00:00Z';
    const id = idOf(await place({ customerExternalId: 'C-1', effectiveAt, resume: { rule: 'next_step' } }));
    expect(await resumptions()).toEqual([]);
    const unknown = { resume: { rule: 'step', step: 'gone' } } as const;
    expect(await world.run((scope) => releaseHold(scope, id, unknown))).toMatchObject({
      reason: 'invalid_value',
      field: 'resume.step',
    });
    await world.run((scope) => releaseHold(scope, id));
    expect(await resumptions()).toEqual([
      { rule: 'next_step', from: Date.parse(effectiveAt), at: NOW.getTime() },
    ]);
    const other = idOf(await place({ customerExternalId: 'C-1', resume: { rule: 'next_step' } }));
    await world.run((scope) => releaseHold(scope, other, { resume: { rule: 'same_step' } }));
    expect((await resumptions())?.map(({ rule }) => rule).sort()).toEqual(['next_step', 'same_step']);
  });

  it('is refused on an invoice about which nothing is sent, and not on its customer', async () => {
    await world.run((scope) => cancelInvoice(scope, { externalId: 'INV-1' }));
    expect(await place({ invoiceExternalId: 'INV-1' })).toMatchObject({ reason: 'invoice_not_open' });
    expect(await world.rows('select id from hold')).toEqual([]);
    expect(await place({ customerExternalId: 'C-1' })).toMatchObject({ result: 'created' });
  });
});

describe('a suppression', () => {
  const email = { kind: 'email', value: ' Shared@Example.test', reason: 'opted out' } as const;

  beforeEach(async () => {
    await world.run(async (scope) => {
      await upsertCustomers(scope, [
        customer({ email: 'shared@example.test' }),
        customer({ externalId: 'C-2', email: 'SHARED@example.test' }),
        customer({ externalId: 'C-3', email: 'other@example.test' }),
      ]);
      await upsertInvoices(scope, [
        invoice({ externalId: 'INV-2', customerExternalId: 'C-2' }),
        invoice({ externalId: 'INV-3', customerExternalId: 'C-3' }),
      ]);
    });
  });

  it('concerns everybody who has the address, however it is written, and nobody else', async () => {
    const enrolments = [await enrol(world), await enrol(world, 'INV-2'), await enrol(world, 'INV-3')];
    expect(await world.run((scope) => suppress(scope, email))).toMatchObject({
      result: 'created',
      externalId: 'shared@example.test',
    });
    const facts = await Promise.all(enrolments.map(async (each) => (await told(world, each)).facts));
    expect(facts).toEqual([1, 1, 0]);
  });

  it('stands once, is lifted, and can stand again', async () => {
    const first = await world.run((scope) => suppress(scope, email));
    expect(await world.run((scope) => suppress(scope, email))).toMatchObject({
      result: 'unchanged',
      id: idOf(first),
    });
    expect(await world.run((scope) => liftSuppression(scope, idOf(first), 'asked us to'))).toMatchObject({
      result: 'updated',
    });
    expect(await world.run((scope) => liftSuppression(scope, idOf(first)))).toMatchObject({
      result: 'unchanged',
    });
    expect(await world.run((scope) => suppress(scope, email))).toMatchObject({ result: 'created' });
  });

  it('of a medium or a purpose stands beside that of the whole address, and is lifted by itself', async () => {
    const scopes = [
      {},
      { medium: 'email' },
      { purpose: 'reminder' },
      { medium: 'email', purpose: 'reminder' },
    ] as const;
    for (const result of ['created', 'unchanged'])
      for (const each of scopes)
        expect(await world.run((scope) => suppress(scope, { ...email, ...each }))).toMatchObject({ result });
    const lift = (which: object) => world.run((scope) => liftSuppressionOf(scope, { ...email, ...which }));
    expect(await lift({ purpose: 'reminder' })).toMatchObject({ result: 'updated' });
    expect(await lift({ purpose: 'reminder' })).toBeNull();
    expect(
      await world.rows('select medium, purpose from suppression where lifted_at is null order by 1, 2'),
    ).toEqual([
      { medium: 'email', purpose: 'reminder' },
      { medium: 'email', purpose: null },
      { medium: null, purpose: null },
    ]);
  });

  it('is told to the planner as what it bars', async () => {
    const points = async (): Promise<unknown> => {
      const enrolled = await enrol(world);
      const loaded = await world.run(({ manager }) =>
        loadEnrolments(manager, world.organisationId, [enrolled], Date.now()),
      );
      return loaded[0]?.facts.customer.people[0]?.points;
    };
    await world.run((scope) => suppress(scope, { ...email, medium: 'email', purpose: 'reminder' }));
    expect(await points()).toMatchObject([
      { status: 'active', barred: [{ medium: 'email', purpose: 'reminder' }] },
    ]);
  });

  it('refuses an address that is none', async () => {
    expect(await world.run((scope) => suppress(scope, { ...email, kind: 'phone' }))).toMatchObject({
      reason: 'invalid_value',
      field: 'value',
    });
    expect(await world.run((scope) => liftSuppression(scope, 'nothing'))).toMatchObject({
      reason: 'unknown_suppression',
    });
  });
});
