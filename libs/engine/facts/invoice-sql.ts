import type { InvoiceInput } from '#contracts/schemas/index.js';
import type { Instant } from '#domain/instant.js';
import type { Scope } from '../scope.js';
import type { InvoiceState, StoredInvoice } from './invoice-state.js';
import { INVOICE_LEDGER } from './ledger.js';

export interface ReadInvoices {
  /** By external id; `waits`: money of theirs belongs to no invoice. */
  customers: Map<string, { id: string; zone: string; waits: boolean }>;
  creditors: Map<string, string>;
  /** The organisation's, when it has but one. */
  onlyCreditor: string | null;
  hasCreditors: boolean;
  stored: Map<string, StoredInvoice>;
}

const STORED = `(${INVOICE_LEDGER})::jsonb || jsonb_build_object('creditorId', i.creditor_id, 'kind', i.kind,
  'net', i.net_minor, 'tax', i.tax_minor, 'total', i.total_minor, 'issuedOn', i.issued_on, 'dueOn', i.due_on)`;

interface Row {
  customers: { id: string; externalId: string; zone: string; waits: boolean }[] | null;
  creditors: { id: string; externalId: string }[] | null;
  two: string[];
  invoices: StoredInvoice[] | null;
}

/** What inputs are merged with, read under the customers' locks. */
export async function readInvoices(scope: Scope, inputs: readonly InvoiceInput[]): Promise<ReadInvoices> {
  const [row] = await scope.manager.query<Row[]>(
    `select
       (select json_agg(json_build_object('id', c.id, 'externalId', c.external_id, 'zone', c.zone,
           'waits', c.unapplied <> '{}')) from customer c
         where c.organisation_id = $1 and c.external_id = any ($2::text[])) as customers,
       (select json_agg(json_build_object('id', r.id, 'externalId', r.external_id)) from creditor r
         where r.organisation_id = $1 and r.external_id = any ($3::text[])) as creditors,
       array(select r.id from creditor r where r.organisation_id = $1 limit 2) as two,
       (select json_agg(${STORED}) from invoice i
         where i.organisation_id = $1 and i.external_id = any ($4::text[])) as invoices`,
    [
      scope.organisationId,
      [...new Set(inputs.map((input) => input.customerExternalId))],
      [...new Set(inputs.flatMap((input) => input.creditorExternalId ?? []))],
      inputs.map((input) => input.externalId),
    ],
  );
  const { customers, creditors, two, invoices } = row as Row;
  return {
    customers: new Map((customers ?? []).map(({ externalId, ...customer }) => [externalId, customer])),
    creditors: new Map((creditors ?? []).map(({ id, externalId }) => [externalId, id])),
    onlyCreditor: two.length === 1 ? (two[0] ?? null) : null,
    hasCreditors: two.length > 0,
    stored: new Map((invoices ?? []).map((invoice) => [invoice.externalId, invoice])),
  };
}

/** An invoice to insert. `effectiveAt`: the start of its issue date where the customer is. */
export type NewInvoice = InvoiceState & { effectiveAt: Instant };

const COLUMNS = `"externalId" text, number text, "creditorId" uuid, "customerId" uuid, kind text, net bigint, tax bigint,
  total bigint, currency text, "issuedOn" date, "dueOn" date`;

/** @returns ids by external id; one that another transaction created meanwhile is not among them */
export async function insertInvoices(
  scope: Scope,
  invoices: readonly NewInvoice[],
): Promise<Map<string, string>> {
  if (invoices.length === 0) return new Map();
  const rows = await scope.manager.query<{ id: string; external_id: string }[]>(
    `with given as (
       select * from jsonb_to_recordset($2::jsonb) as x(${COLUMNS}, "effectiveAt" timestamptz, parts jsonb)
     ), added as (
       insert into invoice (organisation_id, external_id, number, creditor_id, customer_id, kind, net_minor, tax_minor,
                            total_minor, currency, issued_on, due_on, effective_at)
       select $1, "externalId", number, "creditorId", "customerId", kind, net, tax, total, currency, "issuedOn", "dueOn",
              "effectiveAt" from given order by "externalId"
       on conflict (organisation_id, external_id) do nothing returning id, external_id
     ), parted as (
       insert into invoice_part (organisation_id, invoice_id, sequence, amount_minor, due_on, milestone, due_after)
       select $1, added.id, p.sequence, (p.part ->> 'amount')::bigint, (p.part ->> 'dueOn')::date, p.part ->> 'milestone', p.part ->> 'dueAfter'
       from given join added on added.external_id = given."externalId",
         jsonb_array_elements(given.parts) with ordinality as p(part, sequence)
     )
     select id, external_id from added`,
    [
      scope.organisationId,
      JSON.stringify(invoices.map((invoice) => ({ ...invoice, effectiveAt: new Date(invoice.effectiveAt) }))),
    ],
  );
  return new Map(rows.map((row) => [row.external_id, row.id]));
}

/** Everything of invoices that exist; parts beyond the new schedule are removed, the others keep their ids. */
export async function updateInvoices(
  scope: Scope,
  invoices: readonly (InvoiceState & { id: string })[],
): Promise<void> {
  if (invoices.length === 0) return;
  await scope.manager.query(
    `with given as (
       select * from jsonb_to_recordset($2::jsonb) as x(id uuid, ${COLUMNS}, parts jsonb)
     ), changed as (
       update invoice i set number = x.number, creditor_id = x."creditorId", kind = x.kind, net_minor = x.net,
         tax_minor = x.tax, total_minor = x.total, currency = x.currency, issued_on = x."issuedOn", due_on = x."dueOn"
       from given x where i.organisation_id = $1 and i.id = x.id
     ), removed as (
       delete from invoice_part p using given x
       where p.organisation_id = $1 and p.invoice_id = x.id and p.sequence > jsonb_array_length(x.parts)
     )
     insert into invoice_part (organisation_id, invoice_id, sequence, amount_minor, due_on, milestone, due_after)
     select $1, x.id, p.sequence, (p.part ->> 'amount')::bigint, (p.part ->> 'dueOn')::date, p.part ->> 'milestone', p.part ->> 'dueAfter'
     from given x, jsonb_array_elements(x.parts) with ordinality as p(part, sequence)
     on conflict (organisation_id, invoice_id, sequence) do update
       set amount_minor = excluded.amount_minor, due_on = excluded.due_on, milestone = excluded.milestone, due_after = excluded.due_after,
         completed_at = case when lower(trim(excluded.milestone)) = lower(trim(invoice_part.milestone)) then invoice_part.completed_at end`,
    [scope.organisationId, JSON.stringify(invoices)],
  );
}
