import type { CustomerInput } from '#contracts/schemas/index.js';
import {
  completeTask,
  placeHold,
  recordCall,
  recordConsent,
  recordPayments,
  suppress,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { eraseCustomer, personalData } from '#engine/privacy/index.js';
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
  stateOf,
  told,
  withInvoice,
} from './facts-world.js';
import type { TestStore } from './store.js';

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
  await load(ZEBEDEE);
  enrolmentId = await enrol(world);
});

/** Every word about him has this in it. */
const MARK = /zebedee|quillfeather|447700900731/i;
const ZEBEDEE: Partial<CustomerInput> = {
  name: 'Zebedee Quillfeather',
  address: { street: '1 Quillfeather Lane' },
  people: [
    {
      externalId: 'zebedee',
      name: 'Zebedee Quillfeather',
      salutation: 'Dear Mr Quillfeather',
      emails: ['zebedee@example.test'],
      phones: ['+447700900731'],
    },
  ],
};

const load = (more: Partial<CustomerInput>) => world.run((scope) => upsertCustomers(scope, [customer(more)]));

const evidence = { who: 'Zebedee', how: 'letter of Zebedee Quillfeather' };

const erase = () =>
  world.run((scope) => eraseCustomer(scope, { externalId: 'C-1' }, { reason: 'asked', evidence: ASKED }));
const ASKED = { who: 'the customer', how: 'letter' };

interface Ids {
  customerId: string;
  invoiceId: string;
  pointId: string;
}

/** Something of every kind that is written of people. */
const live = async (state: Contact['state'] = 'accepted'): Promise<void> => {
  const [ids] = await world.rows<Ids>(
    `select q.customer_id as "customerId", i.id as "invoiceId", t.id as "pointId"
     from contact_point t join contact_person q on q.id = t.person_id
     join invoice i on i.customer_id = q.customer_id where t.kind = 'email'`,
  );
  if (!ids) throw new Error('he has an address');
  const { customerId, invoiceId, pointId } = ids;
  await world.run(async (scope) => {
    const { manager, organisationId } = scope;
    await manager.insert(Contact, {
      ...{ organisationId, customerId, invoiceId, pointId, state },
      ...{ sendKey: 'one/0', medium: 'email', purpose: 'reminder', kind: 'reminder', sender: {} },
      ...{ provider: 'fake', factsVersion: 1, decidedAt: NOW, leaseUntil: NOW },
      snapshot: {
        medium: 'email',
        locale: 'en',
        to: { address: 'zebedee@example.test' },
        text: 'Dear Zebedee',
      },
    });
    await manager.insert(InboundMessage, {
      ...{ organisationId, customerId, provider: 'fake', eventKey: '1', kind: 'message', medium: 'email' },
      ...{ sender: 'zebedee@example.test', senderName: 'Zebedee', subject: 'Re: Quillfeather' },
      ...{ body: 'I am Zebedee', headers: { from: 'Zebedee' }, reading: 'person', effectiveAt: NOW },
    });
    const brief = { people: [{ name: 'Zebedee' }] };
    const { identifiers } = await manager.insert(Task, {
      ...{ organisationId, customerId, invoiceId, kind: 'call', dueAt: NOW, brief },
    });
    await completeTask(scope, String(identifiers[0]?.['id']), {
      outcome: 'reached',
      note: 'Zebedee is kind',
    });
    await recordCall(scope, {
      customerExternalId: 'C-1',
      outcome: { outcome: 'dispute', reason: 'Zebedee disagrees' },
    });
    await placeHold(scope, {
      customerExternalId: 'C-1',
      kind: 'hardship',
      reason: 'Zebedee is ill',
      evidence: { letter: 'of Zebedee' },
    });
    await recordConsent(scope, { customerExternalId: 'C-1', medium: 'sms', state: 'withdrawn', evidence });
    await recordPayments(scope, [payment({ amount: '30.00' })]);
  });
};

/** Tables with a row that has a word about him. */
const traces = async (): Promise<string[]> => {
  const tables = await world.rows<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'organisation_id' order by table_name`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await world.rows<{ row: string }>(`select to_jsonb(r)::text as row from ${name} r`);
    if (rows.some(({ row }) => MARK.test(row))) found.push(name);
  }
  return found;
};

describe('a customer who asks to be forgotten', () => {
  it('leaves no trace of a name, an address or a word, and all that the books need', async () => {
    await live();
    expect(await traces()).toEqual(
      expect.arrayContaining(['contact', 'contact_person', 'contact_point', 'customer', 'hold', 'task']),
    );
    expect(await erase()).toMatchObject({ result: 'updated', externalId: 'C-1' });
    expect(await traces()).toEqual([]);
    expect(await stateOf(world)).toMatchObject({ status: 'open', paid: 3_000 });
    expect(await world.rows(`select state, medium, decided_at from contact`)).toMatchObject([
      { state: 'accepted', medium: 'email', decided_at: NOW },
    ]);
    expect(await world.rows(`select state, ended_reason from enrolment`)).toEqual([
      { state: 'ended', ended_reason: 'by_hand' },
    ]);
    expect((await told(world, enrolmentId)).outbox).toBe(1);
    expect(await world.rows(`select detail from audit_event where action = 'customer.erased'`)).toEqual([
      { detail: { reason: 'asked', evidence: ASKED } },
    ]);
  });

  it('is forgotten once, and not while a message is on its way', async () => {
    await live('attempting');
    expect(await erase()).toMatchObject({ reason: 'wrong_state' });
    expect(await traces()).not.toEqual([]);
    await world.rows(`update contact set state = 'accepted'`);
    expect(await erase()).toMatchObject({ result: 'updated' });
    expect(await erase()).toMatchObject({ result: 'unchanged' });
  });

  it('stays unwritten to at what was refused, when it comes again, and leaves what others have', async () => {
    await world.run(async (scope) => {
      await upsertCustomers(scope, [customer({ externalId: 'C-2', name: 'Bob', phone: '+447700900731' })]);
      await suppress(scope, { kind: 'email', value: 'Zebedee@example.test', reason: 'stop' });
      await suppress(scope, { kind: 'phone', value: '+447700900731', medium: 'sms', reason: 'stop' });
    });
    const standing = () =>
      world.rows<{ normalised: string }>(
        `select normalised from suppression where lifted_at is null and normalised not like 'sha256:%' order by 1`,
      );
    for (let again = 0; again < 2; again += 1) {
      await erase();
      expect(await standing()).toEqual([{ normalised: '+447700900731' }]);
      await load(ZEBEDEE);
      expect(await standing()).toEqual([
        { normalised: '+447700900731' },
        { normalised: 'zebedee@example.test' },
      ]);
      await world.rows(`update customer set erased_at = null where external_id = 'C-1'`);
    }
  });

  it('is of the own organisation', async () => {
    const [row] = await world.rows<{ id: string }>(`select id from customer where external_id = 'C-1'`);
    const other = await anotherOrganisation(store);
    await expect(other.rows('select erase_customer($1)', row?.id)).rejects.toThrow('no such customer');
    expect(await traces()).not.toEqual([]);
  });
});

describe('what is held about the people of a customer', () => {
  it('is all of it, and nothing of others', async () => {
    await live();
    await world.run(async (scope) => {
      await upsertCustomers(scope, [customer({ externalId: 'C-2', name: 'Bob', email: 'bob@example.test' })]);
      await upsertInvoices(scope, [invoice({ externalId: 'OTHER', customerExternalId: 'C-2' })]);
    });
    const [row] = await world.rows<{ id: string }>(`select id from customer where external_id = 'C-1'`);
    const data = await world.run((scope) => personalData(scope, row?.id ?? ''));
    expect(Object.entries(data).flatMap(([kind, rows]) => (rows.length > 0 ? [kind] : []))).toEqual([
      'customer',
      'people',
      'addresses',
      'consents',
      'invoices',
      'payments',
      'allocations',
      'enrolments',
      'messagesSent',
      'messagesReceived',
      'holds',
      'tasks',
      'history',
    ]);
    expect(data['messagesReceived']).toMatchObject([{ senderName: 'Zebedee', body: 'I am Zebedee' }]);
    expect(JSON.stringify(data)).not.toMatch(/bob|OTHER/);
  });
});
