import type { DataSource } from 'typeorm';
import type { CreditorInput, CustomerInput, InvoiceInput, PaymentInput } from '#contracts/schemas/index.js';
import { initialCursor } from '#domain/planning/cursor.js';
import { upsertCreditors, upsertCustomers, upsertInvoices } from '#engine/facts/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { createEndpoint } from '#engine/webhooks/index.js';
import { Campaign, CampaignVersion, Enrolment } from '#store/entities/index.js';
import { type TestStore, createOrganisation, openTestStore } from './store.js';

export const NOW = new Date('2026-03-02T09:00:00Z');

/** A test organisation whose clock stands at `NOW`, with one creditor. */
export interface World {
  store: TestStore;
  app: DataSource;
  organisationId: string;
  /** Runs commands in one transaction of the organisation. */
  run<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
  rows<Row>(sql: string, ...parameters: unknown[]): Promise<Row[]>;
}

export async function openWorld(): Promise<World> {
  const store = await openTestStore();
  const world = await anotherOrganisation(store);
  return world;
}

export async function anotherOrganisation(store: TestStore): Promise<World> {
  const organisationId = await createOrganisation(store.system, { kind: 'test', clockNow: NOW });
  const { app } = store;
  const run: World['run'] = (work) => withScope(app, organisationId, 'tester', work);
  const rows: World['rows'] = (sql, ...parameters) => run((scope) => scope.manager.query(sql, parameters));
  await run((scope) => upsertCreditors(scope, [creditor()]));
  return { store, app, organisationId, run, rows };
}

export const creditor = (overrides: Partial<CreditorInput> = {}): CreditorInput => ({
  externalId: 'acme',
  name: 'Acme',
  phone: '+442079460000',
  email: 'ar@example.test',
  ...overrides,
});

export const customer = (overrides: Partial<CustomerInput> = {}): CustomerInput => ({
  externalId: 'C-1',
  name: 'Sample Ltd',
  zone: 'Europe/Madrid',
  ...overrides,
});

export const invoice = (overrides: Partial<InvoiceInput> = {}): InvoiceInput => ({
  externalId: 'INV-1',
  customerExternalId: 'C-1',
  total: '100.00',
  currency: 'EUR',
  issuedOn: '2026-02-01',
  dueOn: '2026-03-03',
  ...overrides,
});

export const payment = (overrides: Partial<PaymentInput> = {}): PaymentInput => ({
  externalId: 'P-1',
  customerExternalId: 'C-1',
  invoiceExternalId: 'INV-1',
  amount: '100.00',
  currency: 'EUR',
  ...overrides,
});

/** One customer with one invoice. */
export const withInvoice = (world: World, overrides: Partial<InvoiceInput> = {}): Promise<void> =>
  world.run(async (scope) => {
    await upsertCustomers(scope, [customer()]);
    await upsertInvoices(scope, [invoice(overrides)]);
  });

/** Enrols an invoice as planned, so that what a command announces shows. @returns the enrolment's id */
export const enrol = (world: World, externalId = 'INV-1'): Promise<string> =>
  world.run(async ({ manager, organisationId, now }) => {
    const [found] = await manager.query<{ id: string; customer_id: string }[]>(
      'select id, customer_id from invoice where external_id = $1',
      [externalId],
    );
    const insert = async (entity: Parameters<typeof manager.insert>[0], values: object): Promise<string> => {
      const { identifiers } = await manager.insert(entity, { organisationId, ...values });
      return String(identifiers[0]?.['id']);
    };
    const campaignId = await insert(Campaign, { externalId: `campaign of ${externalId}`, name: 'Reminders' });
    const document = { kindly: 1, name: 'Reminders', steps: [] };
    const versionId = await insert(CampaignVersion, { campaignId, number: 1, document });
    return insert(Enrolment, {
      invoiceId: found?.id,
      customerId: found?.customer_id,
      campaignId,
      versionId,
      entryRule: 'gentle',
      enrolledAt: new Date(now),
      cursor: initialCursor(),
      plannedVersion: 1,
    });
  });

/** How many facts an enrolment was told of since it was planned, and whether a workflow will hear. */
export async function told(world: World, enrolmentId: string): Promise<{ facts: number; outbox: number }> {
  const [row] = await world.rows<{ facts: number; outbox: number }>(
    `select e.facts_version - 1 as facts,
       (select count(*) from outbox o where o.payload ->> 'invoiceId' = e.invoice_id::text) as outbox
     from enrolment e where e.id = $1`,
    enrolmentId,
  );
  if (!row) throw new Error('There is no such enrolment.');
  return row;
}

export interface InvoiceRow {
  status: string;
  settled_at: Date | null;
  paid: number;
}

export async function stateOf(world: World, externalId = 'INV-1'): Promise<InvoiceRow> {
  const [row] = await world.rows<InvoiceRow>(
    `select i.status, i.settled_at, coalesce((select sum(a.amount_minor) from allocation a
       where a.invoice_id = i.id and a.reversed_at is null), 0)::int as paid
     from invoice i where i.external_id = $1`,
    externalId,
  );
  if (!row) throw new Error('There is no such invoice.');
  return row;
}

/** Has a webhook listen to everything from now on. */
export const listen = async (world: World): Promise<void> => {
  await world.run((scope) => createEndpoint(scope, { url: 'https://hooks.example/', eventTypes: [] }));
};

export interface HeardEvent {
  type: string;
  /** External id of the invoice or customer whose events are kept in this order. */
  of: string;
  data: Record<string, unknown>;
}

/** What the webhook will be told, in order; ids of invoice and customer left out. */
export const heard = (world: World): Promise<HeardEvent[]> =>
  world.rows<HeardEvent>(
    `select d.event_type as type, coalesce(i.external_id, c.external_id) as of,
       d.payload - '{invoiceId,invoiceExternalId,customerId,customerExternalId}'::text[] as data
     from webhook_delivery d
     left join invoice i on i.id = d.subject_id left join customer c on c.id = d.subject_id
     order by d.sequence`,
  );

/** Round trips to the database while `work` runs. */
export async function roundTrips(scope: Scope, work: () => Promise<unknown>): Promise<number> {
  const client = (await scope.manager.queryRunner?.connect()) as { query: (...args: unknown[]) => unknown };
  const { query } = client;
  let trips = 0;
  client.query = (...args) => {
    trips += 1;
    return query.apply(client, args);
  };
  try {
    await work();
    return trips;
  } finally {
    client.query = query;
  }
}
