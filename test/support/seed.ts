import type { DataSource } from 'typeorm';
import type { CampaignInput } from '#domain/campaign/document.js';
import { validateCampaign } from '#domain/campaign/validate.js';
import { publish, saveDraft } from '#engine/campaigns/index.js';
import { withScope } from '#engine/scope.js';
import { withOrganisation, withSystem } from '#store/with-organisation.js';

/** Data sources of a migrated database, of the roles that programs connect as. */
export interface Sources {
  app: DataSource;
  system: DataSource;
}

/** A new organisation with one creditor. @param clock given, the organisation is a test one whose clock stands there */
export async function seedOrganisation(
  { app, system }: Sources,
  clock?: Date,
  name = 'Sample Ltd',
): Promise<string> {
  const [row] = await withSystem(system, (manager) =>
    manager.query<{ id: string }[]>(
      `insert into organisation (name, kind, zone, clock_now) values ($1, $2, 'UTC', $3) returning id`,
      [name, clock ? 'test' : 'live', clock ?? null],
    ),
  );
  if (!row) throw new Error('no organisation');
  await withOrganisation(app, row.id, (manager) =>
    manager.query(
      `insert into creditor (organisation_id, external_id, name, phone, email, bank_accounts)
       values ($1, 'main', 'Sample Ltd', '+442079460000', 'accounts@sample.example', $2)`,
      [row.id, JSON.stringify([{ iban: 'GB33BUKB20201555555555', bankName: 'Sample Bank' }])],
    ),
  );
  return row.id;
}

/** Publishes a campaign. @returns the version's id */
export async function seedCampaign(
  app: DataSource,
  organisationId: string,
  input: CampaignInput,
  externalId = 'seeded',
): Promise<string> {
  const validation = validateCampaign(input);
  if (!validation.ok) throw new Error(JSON.stringify(validation.problems));
  return withScope(app, organisationId, 'seed', async (scope) => {
    const draft = await saveDraft(scope, externalId, validation.document);
    const result = await publish(scope, draft.campaignId, draft.number);
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    return result.version.versionId;
  });
}

/**
 * Customers with one invoice each, in bulk: `customer-<n>` with an e-mail address, `invoice-<n>` of 100.00 EUR.
 * @returns the invoices' ids in order
 */
export async function seedInvoices(
  app: DataSource,
  organisationId: string,
  { prefix, count, issuedOn, dueOn }: { prefix: string; count: number; issuedOn: string; dueOn: string },
): Promise<string[]> {
  return withOrganisation(app, organisationId, async (manager) => {
    const rows = await manager.query<{ id: string }[]>(SEED_INVOICES, [
      organisationId,
      prefix,
      count,
      issuedOn,
      dueOn,
    ]);
    return rows.map(({ id }) => id);
  });
}

const SEED_INVOICES = `
  with customers as (
    insert into customer (organisation_id, external_id, name, zone)
    select $1, $2 || '-customer-' || n, 'Customer ' || n, 'Europe/Madrid' from generate_series(1, $3::int) n
    returning organisation_id, id, external_id
  ), people as (
    insert into contact_person (organisation_id, customer_id, external_id, name)
    select organisation_id, id, 'main', 'Ann Smith' from customers returning organisation_id, id, customer_id
  ), points as (
    insert into contact_point (organisation_id, person_id, kind, value, normalised)
    select organisation_id, id, 'email', customer_id || '@example.test', customer_id || '@example.test' from people
  ), invoices as (
    insert into invoice (organisation_id, external_id, number, creditor_id, customer_id, net_minor, tax_minor, total_minor,
                         currency, issued_on, due_on, effective_at)
    select c.organisation_id, replace(c.external_id, 'customer', 'invoice'), replace(c.external_id, 'customer', 'invoice'),
           r.id, c.id, 10000, 0, 10000, 'EUR', $4, $5, $4::date
    from customers c join creditor r on r.organisation_id = c.organisation_id
    returning organisation_id, id
  ), parts as (
    insert into invoice_part (organisation_id, invoice_id, sequence, amount_minor, due_on)
    select organisation_id, id, 1, 10000, $5 from invoices
  )
  select id from invoices order by id`;
