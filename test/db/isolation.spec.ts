import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Creditor, Customer, Invoice, entities } from '#store/entities/index.js';
import { withOrganisation, withSystem } from '#store/with-organisation.js';
import { fillEveryTable } from './rows.js';
import { createOrganisation, openTestStore } from './store.js';
import type { TestStore } from './store.js';

const PERMISSION_DENIED = { driverError: { code: '42501' } };
const FOREIGN_KEY = { driverError: { code: '23503' } };

describe('one organisation', () => {
  let store: TestStore;
  let mine: string;
  let other: string;
  let myCustomer: string;

  beforeAll(async () => {
    store = await openTestStore();
    mine = await createOrganisation(store.system, { name: 'Mine' });
    other = await createOrganisation(store.system, { name: 'Other' });
    const seed = (id: string) => withOrganisation(store.app, id, (manager) => fillEveryTable(manager, id));
    ({ customerId: myCustomer } = await seed(mine));
  });
  afterAll(() => store.close());

  const tables = entities.map((entity) => [entity.name, entity] as const);

  it.each(tables)('sees its own rows of %s and no other sees them', async (_name, entity) => {
    const count = (id: string) =>
      withOrganisation(store.app, id, (manager) => manager.count(entity as typeof Customer));
    await expect(count(mine)).resolves.toBe(1);
    // The other one sees itself in the table of organisations.
    await expect(count(other)).resolves.toBe(entity.name === 'Organisation' ? 1 : 0);
  });

  it.each(tables)(
    'has no row of %s when nobody set an organisation, and no error either',
    async (_name, entity) => {
      await expect(
        withSystem(store.app, (manager) => manager.count(entity as typeof Customer)),
      ).resolves.toBe(0);
    },
  );

  it('cannot change a row of another', async () => {
    const affected = await withOrganisation(store.app, other, async (manager) => {
      const { affected } = await manager.update(Customer, { id: myCustomer }, { name: 'Changed' });
      return affected;
    });
    expect(affected).toBe(0);
  });

  it('cannot write a row into another', async () => {
    const write = withOrganisation(store.app, other, (manager) =>
      manager.insert(Customer, { organisationId: mine, externalId: 'x', name: 'X', zone: 'UTC' }),
    );
    await expect(write).rejects.toMatchObject(PERMISSION_DENIED);
  });

  it('cannot move a row of its own into another', async () => {
    const move = withOrganisation(store.app, mine, (manager) =>
      manager.query('update source_sync set organisation_id = $1', [other]),
    );
    await expect(move).rejects.toMatchObject(PERMISSION_DENIED);
  });

  it('cannot refer to a row of another', async () => {
    const write = withOrganisation(store.app, other, async (manager) => {
      const creditor = await manager.save(
        manager.create(Creditor, {
          organisationId: other,
          externalId: 'k',
          name: 'K',
          phone: '1',
          email: 'k@example.com',
        }),
      );
      await manager.insert(Invoice, {
        organisationId: other,
        externalId: 'i',
        number: '1',
        creditorId: creditor.id,
        customerId: myCustomer,
        netMinor: 1,
        taxMinor: 0,
        totalMinor: 1,
        currency: 'EUR',
        issuedOn: '2026-01-01',
        dueOn: '2026-01-01',
        effectiveAt: new Date(),
      });
    });
    await expect(write).rejects.toMatchObject(FOREIGN_KEY);
  });

  it.each([
    ['delete an audit event', 'delete from audit_event'],
    ['change an audit event', "update audit_event set actor = 'nobody'"],
    ['delete a contact', 'delete from contact'],
    ['change what was sent', "update contact set snapshot = '{}'"],
    ['delete a payment', 'delete from payment'],
    ['change the amount of a payment', 'update payment set amount_minor = 1'],
    ['change the amount of an allocation', 'update allocation set amount_minor = 1'],
    ['withdraw a consent by overwriting it', "update consent set state = 'withdrawn'"],
    ['make itself live', "update organisation set kind = 'live', clock_now = null"],
    ['switch off row-level security', 'alter table customer disable row level security'],
    ['drop a policy', 'drop policy tenant on customer'],
    ['empty a table', 'truncate customer cascade'],
  ])('cannot %s', async (_what, statement) => {
    const run = withOrganisation(store.app, mine, (manager) => manager.query(statement));
    await expect(run).rejects.toMatchObject(PERMISSION_DENIED);
  });
});

describe('the system role', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
    for (const name of ['A', 'B']) {
      const id = await createOrganisation(store.system, { name });
      await withOrganisation(store.app, id, (manager) => fillEveryTable(manager, id));
    }
  });
  afterAll(() => store.close());

  const run = (statement: string) =>
    withSystem(store.system, (manager) => manager.query<unknown[]>(statement));

  it.each([
    'select * from outbox',
    'select hash, role, organisation_id from api_key',
    'select id, facts_version, planned_version from enrolment',
    'select organisation_id, endpoint_id, subject_id, state, sequence from webhook_delivery',
    'select organisation_id, id, state from webhook_endpoint',
  ])('sees every organisation in: %s', async (statement) => {
    await expect(run(statement)).resolves.toHaveLength(2);
  });

  it('claims and removes what is in the outbox, and notes when a key was used', async () => {
    await run(`update outbox set claimed_until = now() + interval '1 minute', tries = tries + 1`);
    await run('update api_key set last_used_at = now()');
    await run('delete from outbox');
    await expect(run('select 1 from outbox')).resolves.toEqual([]);
  });

  it.each([
    'select name from customer',
    'select normalised from contact_point',
    'select snapshot from contact',
    'select id from answer_request',
    'select secret from webhook_endpoint',
    'select payload from webhook_delivery',
    "update webhook_delivery set state = 'delivered'",
    'select cursor from enrolment',
    'select amount_minor from payment',
    'update enrolment set planned_version = facts_version',
    'update organisation set name = name',
    "update api_key set role = 'admin'",
    'delete from contact',
  ])('may not: %s', async (statement) => {
    await expect(run(statement)).rejects.toMatchObject(PERMISSION_DENIED);
  });
});
