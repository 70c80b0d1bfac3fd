import { randomUUID } from 'node:crypto';
import type { CallInput } from '#contracts/schemas/index.js';
import type { OwnRules } from '#domain/policy/own-rules.js';
import type { Outreach } from '#domain/policy/keeping.js';
import {
  completeTask,
  recordCall,
  recordPayments,
  reversePayment,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { readOutreach } from '#engine/policy.js';
import { Contact, InboundMessage, Task } from '#store/entities/index.js';
import {
  NOW,
  type World,
  anotherOrganisation,
  customer,
  enrol,
  invoice,
  openWorld,
  payment,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

const DAY = 86_400_000;
const at = (days: number): Date => new Date(NOW.getTime() + days * DAY);

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
    const reached = { email: 'Ann@Example.test', phone: '+34600000000' };
    await upsertCustomers(scope, [
      customer(reached),
      customer({ ...reached, externalId: 'C-2', email: 'bob@example.test' }),
    ]);
    await upsertInvoices(scope, [
      invoice({ externalId: 'INV-2' }),
      invoice({ externalId: 'OTHER', customerExternalId: 'C-2' }),
    ]);
  });
});

interface Ids {
  customerId: string;
  invoiceId: string;
  pointId: string;
  personId: string;
}

const idsOf = async (invoiceExternalId: string, kind = 'email'): Promise<Ids> => {
  const [ids] = await world.rows<Ids>(
    `select i.customer_id as "customerId", i.id as "invoiceId", t.id as "pointId", q.id as "personId"
     from invoice i join contact_person q on q.customer_id = i.customer_id
     join contact_point t on t.person_id = q.id and t.kind = $2
     where i.external_id = $1`,
    invoiceExternalId,
    kind,
  );
  if (!ids) throw new Error('no such invoice');
  return ids;
};

const contact = async (
  overrides: Partial<Pick<Contact, 'state' | 'kind' | 'countsAs' | 'decidedAt'>> = {},
  about = 'INV-1',
  kind = 'email',
): Promise<void> => {
  const { customerId, invoiceId, pointId } = await idsOf(about, kind);
  await world.run(({ manager, organisationId }) =>
    manager.insert(Contact, {
      ...{ organisationId, customerId, invoiceId, pointId },
      sendKey: `${randomUUID()}/0`,
      medium: kind === 'phone' ? 'sms' : 'email',
      purpose: 'reminder',
      kind: 'reminder',
      sender: {},
      state: 'accepted',
      provider: 'fake',
      snapshot: {},
      factsVersion: 1,
      decidedAt: at(-1),
      leaseUntil: at(-1),
      ...overrides,
    }),
  );
};

const outreach = async (
  about = 'INV-1',
  kind: string | null = 'email',
  since = at(-30),
): Promise<Outreach> => {
  const ids = await idsOf(about, kind ?? 'email');
  return world.run((scope) => readOutreach(scope, ids, kind && ids.pointId, since.getTime()));
};

describe('what contact policies count of a customer', () => {
  it('is nothing of one who was never contacted', async () => {
    expect(await outreach()).toEqual({
      houseRules: [],
      wishes: [],
      address: 'ann@example.test',
      contacts: [],
      conversations: [],
      payments: [],
    });
    expect(await outreach('INV-1', null)).toMatchObject({ address: null });
  });

  it('comes with the rules of the house and those that the customer wishes', async () => {
    const wishes: OwnRules = [
      { kind: 'cap', key: 'one', max: 1, within: { kind: 'days', days: 14 }, per: 'person' },
    ];
    const houseRules: OwnRules = [{ kind: 'blackout', key: 'fair', from: '2026-03-10', to: '2026-03-11' }];
    await world.run((scope) => upsertCustomers(scope, [customer({ wishes })]));
    await world.run(({ manager, organisationId }) =>
      manager.query(`update organisation set settings = settings || $2 where id = $1`, [
        organisationId,
        JSON.stringify({ houseRules }),
      ]),
    );
    expect(await outreach()).toMatchObject({ houseRules, wishes });
    expect(await outreach('OTHER')).toMatchObject({ houseRules, wishes: [] });
    await world.run((scope) => upsertCustomers(scope, [customer({ wishes: null })]));
    expect(await outreach()).toMatchObject({ wishes: [] });
  });

  it('is each message that may have gone out, about whatever invoice, and none that certainly did not', async () => {
    for (const state of ['attempting', 'accepted', 'unknown'] as const) await contact({ state }, 'INV-2');
    for (const state of ['rejected', 'not_reached', 'throttled'] as const) await contact({ state });
    await contact({ kind: 'answer', countsAs: 'none' });
    await contact({ decidedAt: at(-31) });
    const { personId } = await idsOf('INV-1');
    const counted = {
      medium: 'email',
      personId,
      address: 'ann@example.test',
      at: at(-1).getTime(),
      invoiceIds: ['INV-2'],
    };
    expect((await outreach()).contacts).toEqual([counted, counted, counted]);
  });

  it('is what another customer got at the same telephone, and not at another address', async () => {
    await contact({}, 'OTHER', 'phone');
    await contact({}, 'OTHER', 'email');
    expect((await outreach('INV-1', 'phone')).contacts).toMatchObject([
      { medium: 'sms', address: '+34600000000', invoiceIds: ['OTHER'] },
    ]);
    expect((await outreach('INV-1', 'email')).contacts).toEqual([]);
  });

  it('is a call that is to be made or was, and a conversation only where they spoke', async () => {
    const { customerId, invoiceId } = await idsOf('INV-1');
    const enrolmentId = await enrol(world);
    const call = (occurrence: number, dueAt: Date): Promise<string> =>
      world.run(async ({ manager, organisationId }) => {
        const { identifiers } = await manager.insert(Task, {
          ...{ organisationId, customerId, invoiceId, enrolmentId, occurrence, dueAt },
          kind: 'call',
          stepKey: 'call',
        });
        return String(identifiers[0]?.['id']);
      });
    await call(0, at(-2));
    const reached = await call(1, at(-5));
    const missed = await call(2, at(-5));
    await world.run((scope) => completeTask(scope, reached, { outcome: 'reached' }));
    await world.run((scope) => completeTask(scope, missed, { outcome: 'voicemail' }));
    const { contacts, conversations } = await outreach();
    expect(contacts.map((each) => [each.medium, each.at]).sort()).toEqual([
      ['call', at(-2).getTime()],
      ['call', NOW.getTime()],
      ['call', NOW.getTime()],
    ]);
    expect(conversations).toEqual([{ at: NOW.getTime(), personId: null, invoiceIds: ['INV-1'] }]);
  });

  it('is a call that was made without a task, from when it was made', async () => {
    const madeAt = at(-3).toISOString();
    const call = (input: Partial<CallInput>) =>
      world.run((scope) =>
        recordCall(scope, {
          outcome: { outcome: 'reached' },
          invoiceExternalId: 'INV-1',
          at: madeAt,
          ...input,
        }),
      );
    expect(await call({})).toMatchObject({ result: 'created' });
    expect(await call({ outcome: { outcome: 'no_answer' } })).toMatchObject({ result: 'created' });
    const { contacts, conversations } = await outreach();
    const when = { at: at(-3).getTime(), invoiceIds: ['INV-1'] };
    expect(contacts).toEqual([
      { medium: 'call', personId: null, address: null, ...when },
      { medium: 'call', personId: null, address: null, ...when },
    ]);
    expect(conversations).toEqual([{ personId: null, ...when }]);
    expect(await call({ at: at(1).toISOString() })).toMatchObject({ reason: 'in_the_future', field: 'at' });
  });

  it('is what a person wrote, and not what a program did', async () => {
    const { customerId, personId } = await idsOf('INV-1');
    const message = (reading: 'person' | 'automatic', eventKey: string) =>
      world.run(({ manager, organisationId }) =>
        manager.insert(InboundMessage, {
          ...{ organisationId, customerId, personId, reading, eventKey },
          provider: 'fake',
          kind: 'message',
          medium: 'email',
          sender: 'ann@example.test',
          body: 'Hello',
          effectiveAt: at(-1),
        }),
      );
    await message('person', '1');
    await message('automatic', '2');
    expect((await outreach()).conversations).toEqual([{ at: at(-1).getTime(), personId, invoiceIds: null }]);
  });

  it('is each payment that stands, with the invoice it was for', async () => {
    await world.run((scope) =>
      recordPayments(scope, [
        payment({ amount: '10.00', paidOn: '2026-03-01' }),
        payment({ externalId: 'P-2', amount: '20.00', paidOn: '2026-02-28' }),
      ]),
    );
    await world.run((scope) => reversePayment(scope, { externalId: 'P-2' }, 'charged back'));
    const paid = [{ at: new Date('2026-02-28T23:00:00Z').getTime(), invoiceIds: ['INV-1'] }];
    expect((await outreach()).payments).toEqual(paid);
    expect((await outreach('INV-2')).payments).toEqual(paid);
    expect((await outreach('OTHER')).payments).toEqual([]);
  });
});
