import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Receipt } from '#channels/receipt.js';
import { deliveryOf, RECEIPT_KINDS } from '#domain/delivery.js';
import { applyWaiting, storeReceipts } from '#engine/receipts/index.js';
import { upsertCustomers } from '#engine/facts/index.js';
import { readTimeline } from '#engine/reading/index.js';
import { Contact } from '#store/entities/index.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  enrol,
  heard,
  listen,
  openWorld,
  told,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

const EMAIL = 'ann@example.test';

let store: TestStore;
let world: World;
let enrolmentId: string;

beforeAll(async () => {
  ({ store } = await openWorld());
});
afterAll(() => store.close());
beforeEach(async () => {
  world = await anotherOrganisation(store);
  await withInvoice(world);
  await world.run((scope) => upsertCustomers(scope, [customer({ email: EMAIL })]));
  enrolmentId = await enrol(world);
});

/** @returns its id */
const contact = (state: 'accepted' | 'unknown' | 'attempting' = 'accepted'): Promise<string> =>
  world.run(async ({ manager, organisationId }) => {
    const [row] = await manager.query<{ customer_id: string; invoice_id: string; point_id: string }[]>(
      `select e.customer_id, e.invoice_id, t.id as point_id from enrolment e, contact_point t where e.id = $1 and t.kind = 'email'`,
      [enrolmentId],
    );
    const { identifiers } = await manager.insert(Contact, {
      organisationId,
      customerId: row?.customer_id,
      invoiceId: row?.invoice_id,
      pointId: row?.point_id,
      enrolmentId,
      sendKey: `${randomUUID()}/0`,
      medium: 'email',
      purpose: 'reminder',
      kind: 'reminder',
      sender: {},
      state,
      provider: 'sendgrid',
      snapshot: {},
      factsVersion: 1,
      decidedAt: NOW,
      leaseUntil: NOW,
    });
    return String(identifiers[0]?.['id']);
  });

let events = 0;
const receipt = (contactId: string, overrides: Partial<Receipt> = {}): Receipt => ({
  eventKey: `event-${String(++events)}`,
  organisationId: world.organisationId,
  contactId,
  providerId: 'sg-1',
  kind: 'delivered',
  byMachine: false,
  addressIsBad: false,
  code: null,
  effectiveAt: NOW.getTime() + 60_000,
  ...overrides,
});

const tell = (...receipts: Receipt[]) => storeReceipts(store.app, 'sendgrid', receipts);

const applyAll = async (): Promise<void> => {
  while ((await applyWaiting({ dataSource: store.app, system: store.system })) > 0);
};

const stateOf = async (contactId: string) => {
  const [row] = await world.rows<Record<string, unknown>>(
    'select state, delivery, delivered_at, provider_id from contact where id = $1',
    contactId,
  );
  return row;
};

const tasks = () => world.rows<{ kind: string; brief: object }>('select kind, brief from task');

describe('storing what a provider told', () => {
  it('keeps each telling once, however often and in whatever batch it comes', async () => {
    const id = await contact();
    const [one, two] = [receipt(id), receipt(id, { kind: 'opened' })];
    expect(await tell(one, one)).toEqual({ stored: 1, repeated: 1, strange: 0 });
    expect(await tell(two, one)).toEqual({ stored: 1, repeated: 1, strange: 0 });
    expect(await tell(one, two)).toEqual({ stored: 0, repeated: 2, strange: 0 });
  });

  it('keeps nothing of a message that is not in the ledger', async () => {
    const id = await contact();
    const strangers = [
      receipt(randomUUID()),
      receipt(id, { organisationId: randomUUID() }),
      receipt(id, { organisationId: null }),
      receipt(id, { contactId: null }),
    ];
    expect(await tell(...strangers)).toEqual({ stored: 0, repeated: 0, strange: 4 });
  });

  it('does not let one organisation’s receipt name the message of another', async () => {
    const id = await contact();
    const other = await anotherOrganisation(store);
    expect(await tell(receipt(id, { organisationId: other.organisationId }))).toMatchObject({ strange: 1 });
  });
});

describe('applying receipts', () => {
  it('brings a message to what they come to, and tells of it once', async () => {
    await listen(world);
    const id = await contact();
    await tell(receipt(id));
    await applyAll();
    await tell(receipt(id));
    await applyAll();
    expect(await stateOf(id)).toEqual({
      state: 'accepted',
      delivery: 'delivered',
      delivered_at: new Date(NOW.getTime() + 60_000),
      provider_id: 'sg-1',
    });
    expect(await heard(world)).toEqual([
      { type: 'contact.delivery', of: 'INV-1', data: { contactId: id, delivery: 'delivered' } },
    ]);
    expect(await told(world, enrolmentId)).toEqual({ facts: 0, outbox: 0 });
  });

  it('knows that what may have gone out has, and plans on', async () => {
    const id = await contact('unknown');
    await tell(receipt(id, { kind: 'deferred' }));
    await applyAll();
    expect(await stateOf(id)).toMatchObject({ state: 'accepted', delivery: 'deferred' });
    expect(await told(world, enrolmentId)).toEqual({ facts: 1, outbox: 1 });
  });

  it('knows as much by what only a scanner opened, and calls that no delivery', async () => {
    const id = await contact('unknown');
    await tell(receipt(id, { kind: 'opened', byMachine: true }));
    await applyAll();
    expect(await stateOf(id)).toMatchObject({ state: 'accepted', delivery: null });
    expect(await told(world, enrolmentId)).toEqual({ facts: 1, outbox: 1 });
  });

  it('writes no more to an address that is bad, asks for another, and plans on', async () => {
    const id = await contact();
    await tell(receipt(id, { kind: 'bounced', addressIsBad: true, code: 'smtp_550_5.1.1' }));
    await applyAll();
    expect(await world.rows('select normalised, reason from suppression')).toEqual([
      { normalised: EMAIL, reason: 'bounced:smtp_550_5.1.1' },
    ]);
    expect(await tasks()).toMatchObject([{ kind: 'bad_address', brief: { kind: 'email', address: EMAIL } }]);
    expect((await told(world, enrolmentId)).facts).toBeGreaterThan(0);
  });

  it('asks once, however many messages tell of the same address', async () => {
    const ids = [await contact(), await contact()];
    for (const id of ids) {
      await tell(receipt(id, { kind: 'bounced', addressIsBad: true }));
      await applyAll();
    }
    expect(await tasks()).toHaveLength(1);
  });

  it('leaves an address alone that is not at fault, and plans on', async () => {
    const id = await contact();
    await tell(receipt(id, { kind: 'bounced', code: 'blocked' }));
    await applyAll();
    expect(await world.rows('select 1 from suppression')).toEqual([]);
    expect(await told(world, enrolmentId)).toEqual({ facts: 1, outbox: 1 });
  });

  it('writes no more to who unsubscribed, and looks for no other address', async () => {
    const id = await contact();
    await tell(receipt(id, { kind: 'unsubscribed' }));
    await applyAll();
    expect(await world.rows('select reason from suppression')).toEqual([{ reason: 'unsubscribed' }]);
    expect(await tasks()).toEqual([]);
  });

  it('suppresses for every customer who has the address', async () => {
    await world.run((scope) => upsertCustomers(scope, [customer({ externalId: 'C-2', email: EMAIL })]));
    const versions = () =>
      world.rows<{ v: number }>(`select facts_version as v from customer where external_id = 'C-2'`);
    const [before] = await versions();
    const id = await contact();
    await tell(receipt(id, { kind: 'complained' }));
    await applyAll();
    const [after] = await versions();
    expect(after?.v).toBeGreaterThan(before?.v ?? 0);
  });

  it('comes to one state in whatever order and batches they are told', async () => {
    const telling = fc.record({
      kind: fc.constantFrom(...RECEIPT_KINDS),
      byMachine: fc.boolean(),
      effectiveAt: fc.integer({ min: 0, max: 1_000 }).map((seconds) => NOW.getTime() + seconds * 1_000),
    });
    const tellings = fc
      .array(telling, { minLength: 1, maxLength: 6 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    await fc.assert(
      fc.asyncProperty(tellings, fc.nat(6), async ([all, shuffled], cut) => {
        const id = await contact();
        const receipts = shuffled.map((each) => receipt(id, each));
        await tell(...receipts.slice(0, cut));
        await applyAll();
        await tell(...receipts);
        await applyAll();
        const expected = deliveryOf(all.map((each) => ({ ...each, at: each.effectiveAt })));
        expect(await stateOf(id)).toMatchObject({
          state: 'accepted',
          delivery: expected?.state ?? null,
          delivered_at: expected?.deliveredAt ? new Date(expected.deliveredAt) : null,
        });
      }),
      { numRuns: 25 },
    );
  });

  it('is told in the timeline of the invoice, once for each kind, and not of machines', async () => {
    const id = await contact();
    const at = (minutes: number) => NOW.getTime() + minutes * 60_000;
    await tell(
      receipt(id, { effectiveAt: at(2) }),
      receipt(id, { effectiveAt: at(1) }),
      receipt(id, { kind: 'opened', byMachine: true }),
      receipt(id, { kind: 'clicked', effectiveAt: at(3) }),
    );
    const [row] = await world.rows<{ id: string }>('select id from invoice');
    const page = await world.run((scope) => readTimeline(scope, row?.id ?? '', { after: null, limit: 50 }));
    const told = page?.entries.filter(({ kind }) => kind === 'delivery');
    expect(told?.map((entry) => entry.sentence)).toEqual([
      'The message by e-mail was delivered.',
      'The message by e-mail was read, for a link in it was followed.',
    ]);
    expect(told?.[0]?.at).toBe('2026-03-02T09:01:00Z');
  });

  it('is done once when two processes do it at the same moment', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => contact()));
    await tell(...ids.map((id) => receipt(id, { kind: 'bounced', addressIsBad: true })));
    await Promise.all([applyAll(), applyAll(), applyAll()]);
    expect(await tasks()).toHaveLength(1);
    expect(await world.rows('select 1 from receipt where applied_at is null')).toEqual([]);
  });
});
