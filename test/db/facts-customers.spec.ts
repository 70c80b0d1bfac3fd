import { upsertCreditors, upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import {
  type World,
  anotherOrganisation,
  creditor,
  customer,
  enrol,
  invoice,
  openWorld,
  roundTrips,
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
});

const upsert = (...inputs: Parameters<typeof customer>[0][]) =>
  world.run((scope) =>
    upsertCustomers(
      scope,
      inputs.map((input) => customer(input)),
    ),
  );

const points = () =>
  world.rows<{ person: string; kind: string; value: string; status: string }>(
    `select q.external_id as person, t.kind, t.value, t.status from contact_point t
     join contact_person q on q.id = t.person_id order by q.position, t.kind, t.position`,
  );

const full = customer({
  kind: 'company',
  country: 'ES',
  region: 'MD',
  locale: 'es',
  preferredMedium: 'sms',
  address: { street: '1 Harbour Street', city: 'Sampletown' },
  accountManager: { externalId: 'm', name: 'Ann', email: 'ann@example.test', phone: '+442079460001' },
  people: [
    {
      externalId: 'owner',
      roles: ['owner', 'escalation'],
      givenName: 'Анна',
      patronymic: 'Петровна',
      formality: 'formal',
      emails: ['Anna@Example.test', 'b@example.test'],
      phones: ['+44 7700 900-000'],
      telegramChatIds: ['100000'],
    },
    { externalId: 'clerk', emails: ['clerk@example.test'] },
  ],
});

describe('upsertCustomers', () => {
  it('knows a number again however it is written', async () => {
    const phone = async (input: object) => upsert({ externalId: 'C-1', name: 'Sample', ...input });
    await phone({ country: 'GB', phone: '07700 900-123' });
    expect(await points()).toEqual([
      { person: 'main', kind: 'phone', value: '+447700900123', status: 'active' },
    ]);
    expect(await phone({ phone: '0044 7700 900123' })).toMatchObject([{ result: 'unchanged' }]);
  });

  it('creates a customer with everything, and changes nothing the second time', async () => {
    expect(await upsert(full)).toMatchObject([{ externalId: 'C-1', result: 'created' }]);
    expect(await upsert(full)).toMatchObject([{ externalId: 'C-1', result: 'unchanged' }]);
    expect(await points()).toEqual([
      { person: 'owner', kind: 'email', value: 'Anna@Example.test', status: 'active' },
      { person: 'owner', kind: 'email', value: 'b@example.test', status: 'active' },
      { person: 'owner', kind: 'phone', value: '+447700900000', status: 'active' },
      { person: 'owner', kind: 'telegram', value: '100000', status: 'active' },
      { person: 'clerk', kind: 'email', value: 'clerk@example.test', status: 'active' },
    ]);
    expect(
      await world.rows('select normalised from contact_point where value = $1', 'Anna@Example.test'),
    ).toEqual([{ normalised: 'anna@example.test' }]);
  });

  it('keeps what an input leaves out and clears what is null', async () => {
    await upsert(full);
    expect(await upsert({ region: null })).toMatchObject([{ result: 'updated' }]);
    const columns =
      'kind, country, region, locale, preferred_medium, address, account_manager_id is not null as managed';
    expect(await world.rows(`select ${columns} from customer`)).toEqual([
      {
        kind: 'company',
        country: 'ES',
        region: null,
        locale: 'es',
        preferred_medium: 'sms',
        address: { street: '1 Harbour Street', city: 'Sampletown' },
        managed: true,
      },
    ]);
    expect(await world.rows('select action, detail from audit_event')).toEqual([
      { action: 'customer.updated', detail: { fields: ['region'] } },
    ]);
  });

  it('retires points that are left out, and never takes a wrong number back', async () => {
    await upsert({ email: 'a@example.test', phone: '+447700900000' });
    await world.rows(
      `update contact_point set status = 'invalid', reason = 'wrong number' where kind = 'phone' returning id`,
    );
    expect(await upsert({ email: 'a@example.test', phone: '+447700900000' })).toMatchObject([
      { result: 'unchanged' },
    ]);
    expect(await upsert({ email: 'new@example.test' })).toMatchObject([{ result: 'updated' }]);
    expect(await points()).toEqual([
      { person: 'main', kind: 'email', value: 'new@example.test', status: 'active' },
      { person: 'main', kind: 'email', value: 'a@example.test', status: 'retired' },
      { person: 'main', kind: 'phone', value: '+447700900000', status: 'invalid' },
    ]);
    await upsert({ email: 'a@example.test' });
    expect((await points()).map(({ value, status }) => [value, status]).slice(0, 2)).toEqual([
      ['a@example.test', 'active'],
      ['new@example.test', 'retired'],
    ]);
  });

  it('is where most people of its country are, until somebody says where it is', async () => {
    const zone = () => world.rows('select zone, zone_source from customer');
    await upsert({ zone: undefined, country: 'US' });
    expect(await zone()).toEqual([{ zone: 'America/New_York', zone_source: 'country' }]);
    await upsert({ zone: undefined, country: 'RU' });
    expect(await zone()).toEqual([{ zone: 'Europe/Moscow', zone_source: 'country' }]);
    await upsert({ zone: 'Asia/Omsk' });
    await upsert({ zone: undefined, country: 'US' });
    expect(await zone()).toEqual([{ zone: 'Asia/Omsk', zone_source: 'given' }]);
    await upsert({ zone: null });
    expect(await zone()).toEqual([{ zone: 'America/New_York', zone_source: 'country' }]);
  });

  it('lives in the zone of the organisation unless it is given one', async () => {
    await world.rows(`update organisation set zone = 'Asia/Tokyo' returning id`);
    await upsert({ zone: undefined });
    expect(await world.rows('select zone, zone_source from customer')).toEqual([
      { zone: 'Asia/Tokyo', zone_source: 'organisation' },
    ]);
    await upsert({ zone: 'Europe/Madrid' });
    await upsert({ zone: undefined });
    expect(await world.rows('select zone, zone_source from customer')).toEqual([
      { zone: 'Europe/Madrid', zone_source: 'given' },
    ]);
  });

  it('that is a person is written to alone', async () => {
    const people = ['ann', 'bob'].map((externalId) => ({
      externalId,
      emails: [`${externalId}@example.test`],
    }));
    expect(await upsert({ people })).toMatchObject([{ result: 'created' }]);
    const message = 'are several, and a person is written to alone; write one, or the kind company';
    expect(await upsert({ kind: 'person' })).toMatchObject([
      { reason: 'invalid_value', field: 'people', message },
    ]);
    expect(await upsert({ kind: 'person', people })).toMatchObject([{ result: 'refused' }]);
    expect(await upsert({ kind: 'person', people: people.slice(0, 1) })).toMatchObject([
      { result: 'updated' },
    ]);
    expect(await upsert({ people })).toMatchObject([{ result: 'refused' }]);
  });

  it('takes a parent of the same call, in any order, and refuses one that is unknown with its children', async () => {
    const results = await upsert(
      { externalId: 'child', parentExternalId: 'parent' },
      { externalId: 'parent' },
      { externalId: 'orphan', parentExternalId: 'nobody' },
      { externalId: 'grandchild', parentExternalId: 'orphan' },
    );
    expect(results.map(({ result }) => result)).toEqual(['created', 'created', 'refused', 'refused']);
    const parents = await world.rows(
      'select c.external_id, p.external_id as parent from customer c join customer p on p.id = c.parent_id',
    );
    expect(parents).toEqual([{ external_id: 'child', parent: 'parent' }]);
  });

  it('lets the later of two inputs with one id update the earlier', async () => {
    const results = await upsert({ name: 'First' }, { name: 'Second' });
    expect(results.map(({ result }) => result)).toEqual(['created', 'updated']);
    expect(await world.rows('select name from customer')).toEqual([{ name: 'Second' }]);
  });

  it('tells the workflows when something changed, and only then', async () => {
    await withInvoice(world);
    const enrolment = await enrol(world);
    await upsert({});
    expect(await told(world, enrolment)).toEqual({ facts: 0, outbox: 0 });
    await upsert({ preferredMedium: 'sms' });
    expect(await told(world, enrolment)).toEqual({ facts: 1, outbox: 1 });
    await upsert({ zone: 'Asia/Kolkata' });
    expect((await told(world, enrolment)).facts).toBe(2);
  });

  it('costs a batch no more round trips than one', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      customer({ externalId: `C-${index}`, email: `a${index}@example.test` }),
    );
    const trips = await world.run((scope) => roundTrips(scope, () => upsertCustomers(scope, many)));
    expect(trips).toBeLessThanOrEqual(6);
  });
});

describe('upsertCreditors', () => {
  const creditors = (...inputs: Parameters<typeof creditor>[0][]) =>
    world.run((scope) =>
      upsertCreditors(
        scope,
        inputs.map((input) => creditor(input)),
      ),
    );

  it('creates, updates, and leaves alone', async () => {
    const bank = { bankAccounts: [{ iban: 'DE89370400440532013000', currency: 'EUR' }], vatId: 'DE1' };
    expect(await creditors(bank)).toMatchObject([{ result: 'updated' }]);
    expect(await creditors(bank)).toMatchObject([{ result: 'unchanged' }]);
    expect(await creditors({ vatId: null })).toMatchObject([{ result: 'updated' }]);
    expect(await creditors({ externalId: 'other' })).toMatchObject([{ result: 'created' }]);
    expect(await world.rows('select external_id, vat_id, bank_accounts from creditor order by 1')).toEqual([
      { external_id: 'acme', vat_id: null, bank_accounts: bank.bankAccounts },
      { external_id: 'other', vat_id: null, bank_accounts: [] },
    ]);
  });

  it('has to be named when there is more than one', async () => {
    await creditors({ externalId: 'other' });
    await upsert({});
    const results = await world.run((scope) =>
      upsertInvoices(scope, [
        invoice(),
        invoice({ externalId: 'INV-2', creditorExternalId: 'other' }),
        invoice({ externalId: 'INV-3', creditorExternalId: 'nobody' }),
      ]),
    );
    expect(results).toMatchObject([
      {
        result: 'refused',
        reason: 'ambiguous_creditor',
        message: expect.stringContaining('the organisation has several') as unknown,
      },
      { result: 'created' },
      { result: 'refused', reason: 'unknown_creditor' },
    ]);
  });
});
